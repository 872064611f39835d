import * as z from 'zod'
import { type Answer, Detour } from './traveller.ts'

const outboxSchema = z.object({
  messages: z.array(z.object({ kind: z.string(), to: z.string(), link: z.string().optional() })),
})

/** The text that an answer has under a name. */
export function text(answer: Answer, name: string): string {
  const value = answer[name]
  if (typeof value === 'string') return value
  throw new Detour(`The answer has no text "${name}".`)
}

/** The list that an answer has under a name. */
export function list(answer: Answer, name: string): readonly unknown[] {
  const value = answer[name]
  if (Array.isArray(value)) return value
  throw new Detour(`The answer has no list "${name}".`)
}

/** Whether there is a message of that kind to that address. */
export function hasMessage(outbox: Answer, kind: string, to: string): boolean {
  return newestMessage(outbox, kind, to) !== undefined
}

/** The token in the link of the newest message of that kind to that address. */
export function linkToken(outbox: Answer, kind: string, to: string): string {
  const token = linkOf(outbox, kind, to).split('#token=')[1]
  if (token !== undefined) return token
  throw new Detour(`The link "${kind}" to ${to} has no token.`)
}

/** The link of the newest message of that kind to that address. */
export function linkOf(outbox: Answer, kind: string, to: string): string {
  const link = newestMessage(outbox, kind, to)?.link
  if (link !== undefined) return link
  throw new Detour(`The outbox has no link "${kind}" to ${to}.`)
}

function newestMessage(outbox: Answer, kind: string, to: string) {
  const { messages } = outboxSchema.parse(outbox)
  return messages.find((message) => message.kind === kind && message.to === to)
}
