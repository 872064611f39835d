import type { Message } from '../messages/message.ts'
import type { MessageKind } from '../messages.ts'

/** A mailer that keeps what it is given. */
export interface Outbox {
  /** Give this to `createAuth({ mailer, sms })`: it takes both e-mails and text messages. */
  send(message: Message): void
  /** All messages, oldest first. */
  readonly messages: readonly Message[]
  /** Resolves the next message of that kind to that address that nobody has asked for, and waits until there is one. */
  next(kind: MessageKind, to: string): Promise<Message>
}

interface Waiter {
  readonly wants: (message: Message) => boolean
  readonly resolve: (message: Message) => void
}

/** An outbox for tests and demonstrations. Nothing is sent. */
export function createOutbox(): Outbox {
  const messages: Message[] = []
  const unread: Message[] = []
  const waiters: Waiter[] = []
  return {
    messages,
    send(message) {
      messages.push(message)
      const waiting = waiters.findIndex(({ wants }) => wants(message))
      if (waiting === -1) unread.push(message)
      else waiters.splice(waiting, 1)[0]?.resolve(message)
    },
    next(kind, to) {
      const wants = (message: Message) => message.kind === kind && message.to === to
      const found = unread.findIndex(wants)
      const [message] = found === -1 ? [] : unread.splice(found, 1)
      if (message !== undefined) return Promise.resolve(message)
      return new Promise((resolve) => waiters.push({ wants, resolve }))
    },
  }
}
