import type { MessageKind } from '../messages.ts'

/**
 * All words of messages in one language, as plain text. `{duration}`, `{code}` and `{link}` stand for what is filled
 * in; durations are written by `Intl`, such as `30 minutes`. Nothing else is filled in: no word comes from a user.
 */
export interface Language {
  /** BCP 47, such as `de`. */
  readonly locale: string
  /** Beneath a link; has `{duration}`. */
  readonly linkExpiry: string
  /** Beneath a link that a code may stand for; has `{code}` and `{duration}`. */
  readonly orCode: string
  readonly messages: Readonly<Record<MessageKind, MessageText>>
}

/** What one kind of message says. */
export interface MessageText {
  /** Stands behind the name of the application. One line. */
  readonly subject: string
  /** Paragraphs. That of `deletion_scheduled` may have `{duration}`. */
  readonly lines: readonly string[]
  /** The text of the link, where a message of this kind has one. */
  readonly action?: string | undefined
  /** The last paragraph, beneath link and code. */
  readonly footer?: string | undefined
  /**
   * The whole of a text message to a phone, behind the name of the application: one line. Has `{code}` (and perhaps
   * `{duration}`) or `{link}` where there is one. A message of the kind `change_email` never goes to a phone.
   */
  readonly sms?: string | undefined
}
