import { addressOf } from '../addresses.ts'
import type { Links, Settings } from '../context.ts'
import type { Address, MessageDraft, MessageKind } from '../messages.ts'
import { shownUser } from '../shown.ts'
import type { Language } from './language.ts'
import { languageFor } from './language-choice.ts'
import type { Message } from './message.ts'
import { type MessageParts, wordsOf } from './wording.ts'

/** In what words messages are put. */
export interface MessageTerms {
  readonly settings: Settings
  /** The default one first. */
  readonly languages: readonly [Language, ...Language[]]
  /** The locale of the reader's language, as far as the application knows it. */
  readonly languageOf: (user: Message['user']) => unknown
}

/** Where the link of a message leads. A message of another kind has none. */
const pages: { readonly [Kind in MessageKind]?: keyof Links } = {
  activate: 'activate',
  activate_again: 'activate',
  reset_password: 'resetPassword',
  change_email: 'changeEmail',
  email_changed: 'undoEmailChange',
  invitation: 'acceptInvitation',
}

/** Puts a draft into words; `null` when its reader has no address. */
export function composeMessage(
  terms: MessageTerms,
  draft: MessageDraft,
  now: Date,
): Message | null {
  const { settings, languages, languageOf } = terms
  const address = draft.address ?? addressOf(draft.to)
  if (address === null) return null
  const { kind } = draft
  const { channel } = address
  const { profile = draft.to.profile } = draft
  const user = shownUser(terms, { ...draft.to, profile })
  const language = languageFor(languages, languageOf(user))
  const parts = partsOf(settings, draft, address)
  return {
    kind,
    channel,
    to: deliverable(address),
    locale: language.locale,
    user,
    ...parts,
    ...wordsOf(settings.appName, language, { kind, channel, parts, now }),
  }
}

function partsOf(settings: Settings, draft: MessageDraft, { channel }: Address): MessageParts {
  const { kind, token, code, codeExpiresAt, to } = draft
  const page = pages[kind]
  // Whoever reads a code on a phone has nothing to gain from a link, and there is little room for one.
  const hasLink = token !== undefined && (channel === 'email' || code === undefined)
  const link = hasLink && page !== undefined ? linkTo(settings, page, token) : undefined
  const end = kind === 'deletion_scheduled' ? to.deleteAfter : link && draft.expiresAt
  return {
    ...(link !== undefined && { link }),
    ...(end instanceof Date && { expiresAt: end }),
    ...(code !== undefined && { code }),
    ...(codeExpiresAt !== undefined && { codeExpiresAt }),
  }
}

/** From the configured origin only, never from a request (S076). */
function linkTo({ origin, links }: Settings, page: keyof Links, token: string): string {
  return origin + links[page].replace('{token}', token)
}

/** The local part of an e-mail address as its owner wrote it, the domain in the form that every mail server takes. */
function deliverable({ channel, canonical, asTyped }: Address): string {
  if (channel === 'sms') return canonical
  const local = asTyped.slice(0, asTyped.indexOf('@'))
  return `${local}${canonical.slice(canonical.indexOf('@'))}`
}
