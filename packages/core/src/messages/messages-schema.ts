import * as z from 'zod'
import type { MessageKind } from '../messages.ts'
import type { MessageTerms } from './compose.ts'
import { english } from './english.ts'
import type { Language, MessageText } from './language.ts'
import type { MessageComposer } from './message.ts'

/** English has words for all of them. */
const kinds = Object.keys(english.messages) as readonly MessageKind[]

/** What the words of a kind need, for a message that has a link or a code. */
const needs: { readonly [Kind in MessageKind]?: readonly ('action' | '{code}' | '{link}')[] } = {
  activate: ['action', '{code}'],
  activate_again: ['action', '{link}'],
  reset_password: ['action', '{code}'],
  change_email: ['action'],
  email_changed: ['action'],
  change_phone: ['{code}'],
  invitation: ['action', '{link}'],
}

/** The option `messages`. */
export function messagesSchema() {
  const composer = 'must be a function that returns { subject, text, html }'
  return z.strictObject({
    languages: languagesSchema().default((): [Language] => [english]),
    languageOf: z
      .custom<MessageTerms['languageOf']>(isFunction, 'must be a function that returns a locale')
      .default(() => () => undefined),
    compose: z
      .partialRecord(
        z.enum(kinds),
        z.custom<MessageComposer<never>>(isFunction, composer).optional(),
        'must be an object of functions by kind of message',
      )
      .default({}),
  })
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function languagesSchema() {
  return z
    .tuple([languageSchema()], languageSchema(), 'must be a list of languages, the default first')
    .refine(
      (languages) => new Set(languages.map(({ locale }) => locale)).size === languages.length,
      'must not have two languages of one locale',
    )
}

function languageSchema() {
  return z.strictObject(
    {
      locale: words().refine(isLocale, 'must be a locale, such as "de"'),
      linkExpiry: words('{duration}'),
      orCode: words('{code}', '{duration}'),
      messages: z
        .record(z.enum(kinds), textSchema(), 'must be an object of words by kind of message')
        .superRefine((texts, { addIssue }) => {
          for (const kind of kinds) {
            const missing = needs[kind]?.find((need) => lacks(texts[kind], need))
            if (missing !== undefined) addIssue(lackOf(kind, missing))
          }
        }),
    },
    'must be a language, such as "german" of @latchkey/core/languages',
  )
}

function textSchema() {
  return z.strictObject(
    {
      subject: words(),
      lines: z
        .array(words(), 'must be a list of paragraphs')
        .min(1, 'must not be empty')
        .readonly(),
      action: words().optional(),
      footer: words().optional(),
      sms: words().optional(),
    },
    'is missing: every kind of message needs words, { subject, lines, … }',
  )
}

/** One line of text that has these placeholders. */
function words(...placeholders: readonly string[]) {
  const message = ['must be one line of text', ...placeholders].join(' with ')
  return z
    .string(message)
    .min(1, message)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, message)
    .refine((text) => placeholders.every((placeholder) => text.includes(placeholder)), message)
}

function isLocale(text: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(text).length === 1
  } catch {
    return false // not well-formed
  }
}

function lacks(text: MessageText, need: string): boolean {
  return need === 'action' ? text.action === undefined : !text.sms?.includes(need)
}

function lackOf(kind: MessageKind, need: string) {
  return need === 'action'
    ? {
        code: 'custom' as const,
        path: [kind, need],
        message: 'is missing: its message has a link, and this is the text of it',
      }
    : { code: 'custom' as const, path: [kind, 'sms'], message: `must contain "${need}"` }
}
