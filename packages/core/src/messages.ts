import type { User } from './records.ts'

/** What a message to a user is about. */
export type MessageKind =
  | 'activate'
  | 'activate_again'
  | 'already_registered'
  | 'reset_password'
  | 'password_changed'
  | 'login_after_failures'
  | 'refresh_reuse'

/** What a flow knows of a message before it is put into words. */
export interface MessageDraft {
  readonly kind: MessageKind
  /** Its reader. The stored address counts, never one from a request; without an address nothing is sent. */
  readonly to: User
  /** A link token, where the message carries a link. */
  readonly token?: string
  /** Digits that stand for the link on another device. */
  readonly code?: string
  /** When link and code end. */
  readonly expiresAt?: Date
  readonly codeExpiresAt?: Date
}

/** A message, ready to be sent. Holds secrets: a link or a code is as good as the mailbox. Do not log it. */
export interface Message {
  readonly kind: MessageKind
  readonly channel: 'email'
  /** The address, as its owner wrote it. */
  readonly to: string
  readonly userId: string
  /** The absolute link, under the configured `origin`. */
  readonly link?: string
  readonly code?: string
  /** When the link ends. */
  readonly expiresAt?: Date
  readonly codeExpiresAt?: Date
  /** Ready words in English, for those who have no template of their own. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Hands a message to whatever sends it. May be slow or fail: no answer waits for it or changes because of it. */
export type Mailer = (message: Message) => unknown
