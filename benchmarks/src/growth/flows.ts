import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import { issueTokens } from '../../../packages/core/src/sessions.ts'
import { PASSWORD } from '../accounts.ts'
import { lists } from './lists.ts'
import { chosen, type MeasuredFlow, microsecondsEach, READS } from './measured-flow.ts'
import { sessionOf, userOf } from './plan.ts'
import type { Population } from './population.ts'

// More seconds than a session may be seen in without being written.
const BEYOND_THE_TOUCH = 120

/** The flows of the table. */
export const flows: Readonly<Record<string, MeasuredFlow>> = {
  // First, while each user has one event: a login adds another.
  ...lists,

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
    const numbers = chosen(plan.size, calls)
    const tokens = await tokensOf(population, numbers)
    const time = await withAuth(options, (auth) =>
      microsecondsEach(tokens, ({ refreshToken }) => auth.refresh({ refreshToken })),
    )
    for (const n of numbers) generations.set(n, (generations.get(n) ?? 1) + 1)
    return time
  },

  async 'authenticate, first sight of a token'(population, calls) {
    // Sessions that were seen in a round before are to be written again.
    population.clock.advance(BEYOND_THE_TOUCH)
    const tokens = await tokensOf(population, chosen(population.plan.size, calls))
    return withAuth(population.options, (auth) =>
      microsecondsEach(tokens, ({ accessToken }) => auth.authenticate(accessToken)),
    )
  },

  async 'authenticate, strictly, a token again'(population, calls) {
    const tokens = await tokensOf(population, chosen(population.plan.size, calls * READS))
    return withAuth(population.options, async (auth) => {
      for (const { accessToken } of tokens) await auth.authenticate(accessToken)
      return microsecondsEach(tokens, ({ accessToken }) => auth.authenticate(accessToken, 'strict'))
    })
  },
}

/** Works with an auth that is closed then: its feed asks the database as long as it lives. */
async function withAuth<Result>(
  options: AuthOptions,
  work: (auth: Auth) => Promise<Result>,
): Promise<Result> {
  const auth = createAuth(options)
  try {
    return await work(auth)
  } finally {
    await auth.close()
  }
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
