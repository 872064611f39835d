// What remembered tokens take, in a process of its own: node --expose-gc cached-tokens.ts 100000
import { createAuth, type SessionWithUser, type Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { buildRuntime } from '../../../packages/core/src/config.ts'
import { issueTokens } from '../../../packages/core/src/sessions.ts'
import { benchOptions } from '../accounts.ts'
import { planFor, sessionOf, userOf } from '../growth/plan.ts'
import type { MemoryFigures } from '../memory.ts'

const tokens = Number(process.argv[2])
const plan = planFor(2 * tokens, '')

/** Knows all sessions by their ids, and keeps none: what is measured is what the node keeps. */
const numbers = new Map(Array.from({ length: plan.size }, (_, n) => [sessionOf(plan, n).id, n]))
const nothing = memoryStore()
const store: Store = {
  ...nothing,
  sessions: { ...nothing.sessions, confirm: async (id) => foundOf(numbers.get(id) ?? 0) },
}
const options = benchOptions({ store })
const auth = createAuth(options)
const { ctx } = buildRuntime(options)

const before = heap()
await see(0)
const cached = heap() - before
await see(tokens)
const beyond = heap() - before
const figures: MemoryFigures = { tokens, cached, beyond }
console.log(JSON.stringify(figures))
await auth.close()

function foundOf(n: number): SessionWithUser {
  return { session: sessionOf(plan, n), user: userOf(plan, n) }
}

/** Shows the node so many tokens, from that session on. */
async function see(first: number): Promise<void> {
  for (let n = first; n < first + tokens; n += 1) {
    const { session, user } = foundOf(n)
    const { accessToken } = await issueTokens(ctx, session, user)
    // As it comes out of a request: bytes of its own.
    await auth.authenticate(Buffer.from(accessToken).toString('latin1'))
  }
}

function heap(): number {
  for (let times = 0; times < 4; times += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
