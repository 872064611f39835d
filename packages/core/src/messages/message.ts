import type { MessageKind } from '../messages.ts'
import type { Channel } from '../records.ts'
import type { ShownUser } from '../shown.ts'

/** A message in words. */
export interface MessageWords {
  /** One line. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** A message, ready to be sent. Holds secrets: a link or a code is as good as the mailbox. Do not log it. */
export interface Message<Kind extends MessageKind = MessageKind> extends MessageWords {
  readonly kind: Kind
  readonly channel: Channel
  /** The e-mail address, its local part as its owner wrote it, its domain in ASCII; or the phone number in E.164. */
  readonly to: string
  /** The language of the words, BCP 47. */
  readonly locale: string
  /**
   * Its reader, for templates. Every name in it is the choice of whoever registered the account, which need not be the
   * owner of the address: the ready words hold none of them. Escape them in HTML, and leave them out of subjects.
   */
  readonly user: ShownUser
  /** The absolute link, under the configured `origin`. Not in a text message that has a code. */
  readonly link?: string
  readonly code?: string
  /** When the link ends; of `deletion_scheduled`, when the account does. */
  readonly expiresAt?: Date
  readonly codeExpiresAt?: Date
}

/** Hands a message to whatever sends it. May be slow or fail: no answer waits for it or changes because of it. */
export type Mailer = (message: Message) => unknown

/** Words of the application's own for one kind of e-mail, in place of the ready ones, which it gets. */
export type MessageComposer<Kind extends MessageKind = MessageKind> = (
  ready: Message<Kind>,
) => MessageWords | Promise<MessageWords>

/** See {@link MessageComposer}. */
export type MessageComposers = {
  readonly [Kind in MessageKind]?: MessageComposer<Kind> | undefined
}
