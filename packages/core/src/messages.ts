import type { Channel, JsonObject, User } from './records.ts'

/** What a message to a user is about. */
export type MessageKind =
  | 'activate'
  | 'activate_again'
  | 'already_registered'
  | 'reset_password'
  | 'password_changed'
  | 'password_locked'
  | 'login_after_failures'
  | 'refresh_reuse'
  | 'change_email'
  | 'email_change_requested'
  | 'email_changed'
  | 'change_phone'
  | 'phone_changed'
  | 'username_changed'
  | 'invitation'
  | 'account_approved'
  | 'deletion_scheduled'
  | 'deletion_cancelled'
  | 'account_deleted'

/** Where a message goes. */
export interface Address {
  readonly channel: Channel
  /** The canonical form. */
  readonly canonical: string
  /** As its owner wrote it. */
  readonly asTyped: string
}

/** What a flow knows of a message before it is put into words. */
export interface MessageDraft {
  readonly kind: MessageKind
  /** Its reader. The stored address counts, never one from a request; without an address nothing is sent. */
  readonly to: User
  /** Where it goes in place of the reader's own address: one that is to be proved, or that was theirs until now. */
  readonly address?: Address
  /** What the reader said of themselves, where that is not on their record yet. */
  readonly profile?: JsonObject
  /** A link token, where the message carries a link. */
  readonly token?: string
  /** Digits that stand for the link on another device. */
  readonly code?: string
  /** When link and code end. */
  readonly expiresAt?: Date
  readonly codeExpiresAt?: Date
}
