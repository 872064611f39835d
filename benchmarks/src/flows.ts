import { availableParallelism } from 'node:os'
import type { Auth, ShownTokens } from '@latchkey/core'
import { type FakeClock, fakeClock } from '@latchkey/core/testing'
import { hash, verify } from '@node-rs/argon2'
import { createBenchAuth, logInMany, PASSWORD } from './accounts.ts'
import type { Effort } from './effort.ts'
import { count, percent, table } from './markdown.ts'
import { medians, rateOf } from './rounds.ts'

const ACCOUNTS = 1_000
const LOGINS_IN_PARALLEL = 8

// More seconds than a superseded refresh token is answered with its successor: every refresh rotates.
const BEYOND_THE_GRACE = 60

/** The flows as functions, in this process, on a memory store. */
export async function flows(effort: Effort): Promise<string> {
  const clock = fakeClock()
  const auth = createBenchAuth({ now: clock.now })
  const logins = await logInMany(auth, ACCOUNTS)
  const rows = [
    await authenticate(auth, logins, effort),
    await refresh(auth, logins, clock, effort),
    await login(effort),
  ]
  return table(['in this process', 'per second', 'compared'], rows.flat())
}

async function authenticate(
  auth: Auth,
  logins: readonly ShownTokens[],
  { rounds, loopSeconds }: Effort,
): Promise<string[][]> {
  const tokens = logins.map(({ accessToken }) => accessToken)
  let calls = 0
  const { hot, inTurn } = await medians(rounds, {
    hot: () => rateOf(loopSeconds, 1, () => auth.authenticate(tokens[0] ?? '')),
    inTurn: () =>
      rateOf(loopSeconds, 1, () => {
        calls += 1
        return auth.authenticate(tokens[calls % ACCOUNTS] ?? '')
      }),
  })
  return [
    ['authenticate, one hot token', count(hot.perSecond), microseconds(hot.perSecond)],
    [
      `authenticate, ${count(ACCOUNTS)} tokens in turn`,
      count(inTurn.perSecond),
      microseconds(inTurn.perSecond),
    ],
  ]
}

async function refresh(
  auth: Auth,
  logins: readonly ShownTokens[],
  clock: FakeClock,
  { rounds, loopSeconds }: Effort,
): Promise<string[][]> {
  const tokens = logins.map(({ refreshToken }) => refreshToken)
  let calls = 0
  const refreshNext = async () => {
    const at = calls % ACCOUNTS
    calls += 1
    if (at === 0) clock.advance(BEYOND_THE_GRACE)
    tokens[at] = (await auth.refresh({ refreshToken: tokens[at] ?? '' })).refreshToken
  }
  const { one } = await medians(rounds, { one: () => rateOf(loopSeconds, 1, refreshNext) })
  return [['refresh', count(one.perSecond), microseconds(one.perSecond)]]
}

/** At the cost that passwords really have. */
async function login({ rounds, loopSeconds }: Effort): Promise<string[][]> {
  const auth = createBenchAuth({ passwords: undefined })
  await logInMany(auth, 1)
  const credentials = { identifier: 'user-0@example.com', password: PASSWORD }
  const stored = await hash(PASSWORD)
  const { raw, whole } = await medians(rounds, {
    raw: () => rateOf(loopSeconds, hashesInParallel(), () => verify(stored, PASSWORD)),
    whole: () => rateOf(loopSeconds, LOGINS_IN_PARALLEL, () => auth.login(credentials)),
  })
  return [
    [`argon2 verify alone, ${hashesInParallel()} at a time`, count(raw.perSecond), ''],
    [
      `login, ${LOGINS_IN_PARALLEL} at a time`,
      count(whole.perSecond),
      `${percent(whole.perSecond, raw.perSecond)} of argon2 alone`,
    ],
  ]
}

/** As many as the library makes at a time by default. */
function hashesInParallel(): number {
  return Math.min(availableParallelism(), 3)
}

function microseconds(perSecond: number): string {
  return `${(1_000_000 / perSecond).toFixed(1)} µs each`
}
