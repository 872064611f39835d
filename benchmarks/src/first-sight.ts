import assert from 'node:assert/strict'
import { type Auth, createAuth, type SessionWithUser } from '@latchkey/core'
import { type FakeClock, fakeClock } from '@latchkey/core/testing'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { buildRuntime } from '../../packages/core/src/config.ts'
import type { Context } from '../../packages/core/src/context.ts'
import { nextRotation } from '../../packages/core/src/rotation.ts'
import { idleLimit, issueTokens, sightingNow } from '../../packages/core/src/sessions.ts'
import { verifyAccessToken } from '../../packages/core/src/tokens/access-token.ts'
import { benchOptions, logInMany } from './accounts.ts'
import { type DatabaseServer, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import { count, table } from './markdown.ts'
import { keepResult } from './results.ts'
import { median } from './rounds.ts'

// Of each of the two kinds.
const ACCOUNTS = 100

// More than a superseded refresh token is answered with its successor: every refresh rotates.
const BEYOND_THE_GRACE = 60

/** Microseconds each. A type, not an interface: it passes for a record of figures. */
type Costs = {
  readonly signature: number
  readonly both: number
  readonly firstSight: number
  readonly roundTrips: number
  readonly signing: number
  readonly refresh: number
}

/** What the first sight of a token and a refresh take, beside the calls of the store that they are made of. */
export async function firstSight(effort: Effort): Promise<string> {
  const { measured, missing } = await measureOn(['SQLite', 'PostgreSQL', 'MariaDB'], (server) =>
    costsOn(server, effort),
  )
  await keepResult('first-sight', effort, measured)
  const sights = table(
    [
      'first sight of a token, µs',
      'whole',
      'signature check',
      'it and sessions.confirm',
      'the rest',
    ],
    measured.map(({ database, costs: { firstSight, signature, both } }) => [
      database,
      ...[firstSight, signature, both, firstSight - both].map(count),
    ]),
  )
  const refreshes = table(
    ['refresh, µs', 'whole', 'sessions.find and rotate', 'signing', 'whole : both calls'],
    measured.map(({ database, costs: { refresh, roundTrips, signing } }) => [
      database,
      ...[refresh, roundTrips, signing].map(count),
      (refresh / roundTrips).toFixed(2),
    ]),
  )
  return [sights, refreshes, ...missing].join('\n\n')
}

async function costsOn(server: DatabaseServer, { shortRounds }: Effort) {
  const database = await server.make()
  const store = sqlStore({ url: database.url })
  try {
    await store.migrate()
    const parts = await partsOn(store)
    const taken: Costs[] = []
    for (let round = 0; round <= shortRounds; round += 1) {
      const costs = await oneRound(parts)
      if (round > 0) taken.push(costs)
    }
    await parts.auth.close()
    return { database: server.name, costs: mediansOf(taken) }
  } finally {
    await store.close()
    await database.drop()
  }
}

interface Parts {
  readonly auth: Auth
  readonly ctx: Context
  readonly store: SqlStore
  readonly clock: FakeClock
  /** Those whose sessions the flows move, and those whose sessions only the store's verbs do. */
  refreshTokens: readonly string[]
  sessions: readonly SessionWithUser[]
}

async function partsOn(store: SqlStore): Promise<Parts> {
  const clock = fakeClock(new Date())
  const options = benchOptions({ store, now: clock.now })
  const auth = createAuth(options)
  const logins = await logInMany(auth, 2 * ACCOUNTS)
  const sessions: SessionWithUser[] = []
  for (const { sessionId } of logins.slice(ACCOUNTS)) {
    const found = await store.sessions.find(sessionId)
    assert(found)
    sessions.push(found)
  }
  const refreshTokens = logins.slice(0, ACCOUNTS).map(({ refreshToken }) => refreshToken)
  return { auth, ctx: buildRuntime(options).ctx, store, clock, refreshTokens, sessions }
}

async function oneRound(parts: Parts): Promise<Costs> {
  parts.clock.advance(BEYOND_THE_GRACE)
  const byFlows = await roundOfFlows(parts)
  return { ...byFlows, ...(await roundOfVerbs(parts)) }
}

async function roundOfFlows(parts: Parts) {
  const { auth } = parts
  const refresh = await each(parts.refreshTokens, (refreshToken) => auth.refresh({ refreshToken }))
  parts.refreshTokens = refresh.results.map(({ refreshToken }) => refreshToken)
  const sight = await each(refresh.results, ({ accessToken }) => auth.authenticate(accessToken))
  return { refresh: refresh.time, firstSight: sight.time }
}

async function roundOfVerbs(parts: Parts) {
  const { ctx, store } = parts
  // One after the other, as in a refresh: a row that was written is read slower than one that was read.
  const moved = await each(parts.sessions, ({ session }) => findAndRotate(parts, session.id))
  parts.sessions = moved.results
  const signing = await each(parts.sessions, ({ session, user }) => issueTokens(ctx, session, user))
  const signature = await each(signing.results, ({ accessToken }) =>
    verifyAccessToken(ctx, accessToken),
  )
  const both = await each(signing.results, async ({ accessToken }) => {
    const { sid, gen } = await verifyAccessToken(ctx, accessToken)
    assert(await store.sessions.confirm(sid, gen, sightingNow(ctx)))
  })
  return {
    roundTrips: moved.time,
    signing: signing.time,
    signature: signature.time,
    both: both.time,
  }
}

async function findAndRotate({ ctx, store }: Parts, id: string): Promise<SessionWithUser> {
  const found = await store.sessions.find(id)
  assert(found)
  const { session, user } = found
  const now = ctx.now()
  const { generation } = session
  const rotation = {
    ...nextRotation(session, generation, now, BEYOND_THE_GRACE),
    lastSeenAt: now,
    idleExpiresAt: idleLimit(ctx, session.absoluteExpiresAt),
  }
  assert(await store.sessions.rotate(session.id, { generation, unconfirmed: false }, rotation))
  return { session: { ...session, ...rotation }, user }
}

/** One after the other: how many microseconds each takes, and what they resolve. */
async function each<Input, Result>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<Result>,
): Promise<{ readonly time: number; readonly results: readonly Result[] }> {
  const results: Result[] = []
  const start = performance.now()
  for (const input of inputs) results.push(await work(input))
  return { time: ((performance.now() - start) * 1000) / inputs.length, results }
}

function mediansOf(taken: readonly Costs[]): Costs {
  const of = (name: keyof Costs) => median(taken.map((costs) => costs[name]))
  return {
    signature: of('signature'),
    both: of('both'),
    firstSight: of('firstSight'),
    roundTrips: of('roundTrips'),
    signing: of('signing'),
    refresh: of('refresh'),
  }
}
