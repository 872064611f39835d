import type { Context } from '../context.ts'
import type { MessageDraft, MessageKind } from '../messages.ts'
import type { Channel } from '../records.ts'
import { composeMessage, type MessageTerms } from './compose.ts'
import type { Mailer, Message, MessageComposer, MessageWords } from './message.ts'

/** What messages go through. */
export interface MessageWays extends MessageTerms {
  readonly compose: { readonly [Kind in MessageKind]?: MessageComposer<never> | undefined }
  /** `undefined` where nothing goes that way. */
  readonly senders: Readonly<Record<Channel, Mailer | undefined>>
}

/**
 * Sends messages off the response path. A function of the application that fails, whichever it is, leaves the message
 * unsent and is reported: ready words in place of its own would be a surprise to it.
 */
export function messageSender(
  ctx: Pick<Context, 'later' | 'now'>,
  ways: MessageWays,
): (draft: MessageDraft) => void {
  return (draft) => {
    const now = ctx.now()
    ctx.later(`sending the message "${draft.kind}"`, async () => {
      const ready = composeMessage(ways, draft, now)
      const sender = ready && ways.senders[ready.channel]
      if (sender) await sender(await inOwnWords(ways.compose, ready))
    })
  }
}

/** Text messages have no template: their few words stand in the language. */
async function inOwnWords(composers: MessageWays['compose'], ready: Message): Promise<Message> {
  // The table has each kind's composer under that kind.
  const compose = composers[ready.kind] as MessageComposer | undefined
  const isOwn = compose !== undefined && ready.channel === 'email'
  const { subject, text, html } = isOwn ? checked(ready, await compose(ready)) : ready
  return { ...ready, subject: asHeader(subject), text, html }
}

function checked({ kind }: Message, words: MessageWords): MessageWords {
  const { subject, text, html }: Partial<MessageWords> = Object(words)
  if ([subject, text, html].every((part) => typeof part === 'string')) return words
  throw new TypeError(`messages.compose.${kind} must return { subject, text, html }, all strings`)
}

/** Nothing in a subject ends its header (S085), or turns the rest of it around. */
function asHeader(subject: string): string {
  return subject.toWellFormed().replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, ' ')
}
