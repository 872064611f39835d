import assert from 'node:assert/strict'
import { createAuth, type EventPosition } from '@latchkey/core'
import { issueTokens } from '../../../packages/core/src/sessions.ts'
import { PASSWORD } from '../accounts.ts'
import { eventOf, sessionOf, userOf } from './plan.ts'
import { eventPage, type Population } from './population.ts'

// More seconds than a session may be seen in without being written.
const BEYOND_THE_TOUCH = 120
const PAGE = 50

// Reads are short: so many for each write, that a round is long enough to be measured.
const READS = 4

/** Calls a flow so often, each time for another user, and resolves how many microseconds a call takes. */
type MeasuredFlow = (population: Population, calls: number) => Promise<number>

/** The flows of the table. */
export const flows: Readonly<Record<string, MeasuredFlow>> = {
  async login({ options, plan }, calls) {
    const auth = createAuth(options)
    const emails = chosen(plan.size, calls).map((n) => userOf(plan, n).email ?? '')
    return microsecondsEach(
      emails,
      (identifier) => auth.login({ identifier, password: PASSWORD }),
      () => auth.close(),
    )
  },

  async refresh(population, calls) {
    const { options, plan, generations } = population
    const auth = createAuth(options)
    const numbers = chosen(plan.size, calls)
    const tokens = await tokensOf(population, numbers)
    const time = await microsecondsEach(tokens, ({ refreshToken }) =>
      auth.refresh({ refreshToken }),
    )
    for (const n of numbers) generations.set(n, (generations.get(n) ?? 1) + 1)
    return time
  },

  async 'authenticate, first sight of a token'(population, calls) {
    const auth = createAuth(population.options)
    // Sessions that were seen in a round before are to be written again.
    population.clock.advance(BEYOND_THE_TOUCH)
    const tokens = await tokensOf(population, chosen(population.plan.size, calls))
    return microsecondsEach(tokens, ({ accessToken }) => auth.authenticate(accessToken))
  },

  async 'authenticate, a token again'(population, calls) {
    const auth = createAuth(population.options)
    const tokens = await tokensOf(population, chosen(population.plan.size, calls * READS))
    for (const { accessToken } of tokens) await auth.authenticate(accessToken)
    return microsecondsEach(tokens, ({ accessToken }) => auth.authenticate(accessToken))
  },

  async 'events.list, the newest 50'({ store }, calls) {
    const pages = Array.from({ length: calls * READS }, () => null)
    return microsecondsEach(pages, (after) => page(store, after))
  },

  async 'events.list, 50 deep in the log'({ store, plan }, calls) {
    const places = chosen(plan.size - PAGE, calls * READS).map((n) => eventOf(plan, n + PAGE))
    return microsecondsEach(places, (after) => page(store, after))
  },
}

async function page({ events }: Population['store'], after: EventPosition | null): Promise<void> {
  const found = await events.list(eventPage(PAGE, after))
  assert.equal(found.length, PAGE)
}

/** So many different numbers below the size, by chance. */
function chosen(size: number, howMany: number): number[] {
  const numbers = new Set<number>()
  while (numbers.size < howMany) numbers.add(Math.floor(Math.random() * size))
  return [...numbers]
}

/** The current tokens of these users' sessions, made without the database, whose caches shall not know them. */
function tokensOf({ ctx, plan, generations }: Population, numbers: readonly number[]) {
  return Promise.all(
    numbers.map((n) => {
      const session = { ...sessionOf(plan, n), generation: generations.get(n) ?? 1 }
      return issueTokens(ctx, session, userOf(plan, n))
    }),
  )
}

/** `finish` counts as well: what no answer waits for has its cost too. */
async function microsecondsEach<Input>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<unknown>,
  finish: () => Promise<void> = async () => {},
): Promise<number> {
  const start = performance.now()
  for (const input of inputs) await work(input)
  await finish()
  return ((performance.now() - start) * 1000) / inputs.length
}
