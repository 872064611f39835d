import type { MessageKind } from '../messages.ts'
import type { Channel } from '../records.ts'
import { durationInWords } from './duration.ts'
import { escapeHtml } from './escape-html.ts'
import type { Language, MessageText } from './language.ts'
import type { Message, MessageWords } from './message.ts'

/** What stands in a message besides its words. */
export type MessageParts = Pick<Message, 'link' | 'code' | 'expiresAt' | 'codeExpiresAt'>

/** What is to be said, and where. */
export interface Occasion {
  readonly kind: MessageKind
  readonly channel: Channel
  readonly parts: MessageParts
  readonly now: Date
}

/** The same words twice. */
interface Paragraph {
  readonly text: string
  readonly html: string
}

/** The ready words. None comes from a user: a name of somebody's choice has no place in what we vouch for (S085). */
export function wordsOf(appName: string, language: Language, occasion: Occasion): MessageWords {
  const text = language.messages[occasion.kind]
  const isEMail = occasion.channel === 'email'
  const paragraphs = isEMail
    ? eMail(language, text, occasion)
    : [textMessage(appName, language, text, occasion)]
  return {
    subject: `${appName}: ${text.subject}`,
    text: paragraphs.map((paragraph) => paragraph.text).join('\n\n'),
    html: inHtml(language, paragraphs),
  }
}

function inHtml({ locale }: Language, paragraphs: readonly Paragraph[]): string {
  const lines = paragraphs.map(({ html }) => `<p>${html}</p>`)
  return [`<div lang="${escapeHtml(locale)}">`, ...lines, '</div>'].join('\n')
}

function eMail(language: Language, words: MessageText, occasion: Occasion): readonly Paragraph[] {
  const { lines, action = '', footer } = words
  const { link, code, expiresAt, codeExpiresAt } = occasion.parts
  const duration = durationUntil(language, occasion, expiresAt)
  const codeDuration = durationUntil(language, occasion, codeExpiresAt)
  return [
    ...lines.map((line) => filledIn(line, { duration })),
    ...(link === undefined
      ? []
      : [linked(link, action), filledIn(language.linkExpiry, { duration })]),
    ...(code === undefined ? [] : [filledIn(language.orCode, { code, duration: codeDuration })]),
    ...(footer === undefined ? [] : [filledIn(footer, {})]),
  ]
}

function textMessage(
  appName: string,
  language: Language,
  words: MessageText,
  occasion: Occasion,
): Paragraph {
  const { link, code, expiresAt, codeExpiresAt } = occasion.parts
  const duration = durationUntil(language, occasion, code === undefined ? expiresAt : codeExpiresAt)
  const line = filledIn(lineFor(words, occasion.parts), { link, code, duration })
  return {
    text: `${appName}: ${line.text}`,
    html: `${escapeHtml(appName)}: ${line.html}`,
  }
}

/** A line with a code is of no use where no attempt at the code is left. */
function lineFor({ subject, action, sms = subject }: MessageText, parts: MessageParts): string {
  if (parts.code !== undefined || !sms.includes('{code}')) return sms
  return parts.link === undefined ? subject : `${action}: {link}`
}

function durationUntil(
  { locale }: Language,
  { now }: Occasion,
  end: Date | undefined,
): string | undefined {
  return end && durationInWords(locale, now, end)
}

function linked(link: string, action: string): Paragraph {
  return {
    text: `${action}:\n${link}`,
    html: `<a href="${escapeHtml(link)}">${escapeHtml(action)}</a>`,
  }
}

interface Values {
  readonly duration?: string | undefined
  readonly code?: string | undefined
  readonly link?: string | undefined
}

/** In one pass: what is filled in is not looked at again. */
function filledIn(line: string, { duration = '', code = '', link = '' }: Values): Paragraph {
  const html = {
    duration: escapeHtml(duration),
    code: `<strong>${escapeHtml(code)}</strong>`,
    link: escapeHtml(link),
  }
  return { text: fill(line, { duration, code, link }), html: fill(escapeHtml(line), html) }
}

function fill(line: string, values: Readonly<Record<string, string>>): string {
  return line.replace(/\{(duration|code|link)\}/g, (_, name: string) => values[name] ?? '')
}
