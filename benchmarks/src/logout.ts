import { setTimeout as pause } from 'node:timers/promises'
import { findServer } from '../../test/servers/find-server.ts'
import { postgres } from '../../test/servers/postgres.ts'
import { hasRedis, startRedis } from '../../test/servers/redis.ts'
import { makeDatabase } from '../../test/servers/test-database.ts'
import type { Effort } from './effort.ts'
import { table } from './markdown.ts'
import { installPeers } from './peers.ts'
import { keepResult } from './results.ts'
import { median, percentile } from './rounds.ts'
import { firstRefusal } from './routes/first-refusal.ts'
import type { LatchkeyRoute } from './routes/latchkey-host.ts'
import { type RouteProcess, type RouteProgram, startRoute } from './routes/route-process.ts'

const POLL_MS = 1000

// Whoever goes on after that waits for an expiry.
const PATIENCE_MS = 10_000

const LATCHKEY = `${import.meta.dirname}/routes/latchkey-host.ts`
const PEERS = `${import.meta.dirname}/../peers`

/** Times until a refusal, in ms; `null` for each logout that was not heard of. */
interface Refusals {
  readonly name: string
  readonly times: readonly (number | null)[]
}

/** How long a session goes on after its logout was answered: on the node that was asked, and on another one. */
export async function logout(effort: Effort): Promise<string> {
  await installPeers()
  const told = [...(await onOneNode(effort)), ...(await onTwoNodes(effort))]
  await keepResult('logout', effort, told)
  const head = [
    'from the answer to a logout to the first refusal',
    'median, ms',
    'p99, ms',
    'longest, ms',
  ]
  return table(head, told.map(rowOf))
}

function rowOf({ name, times }: Refusals): string[] {
  const known = times.filter((time) => time !== null)
  if (known.length < times.length) {
    const never = `not within ${PATIENCE_MS / 1000} s`
    return [name, never, never, never]
  }
  return [
    `${name} (${known.length})`,
    median(known).toFixed(0),
    percentile(known, 99).toFixed(0),
    Math.max(...known).toFixed(0),
  ]
}

function ours(route: Partial<LatchkeyRoute>): RouteProgram {
  const guarded: LatchkeyRoute = { host: 'express', guard: {}, sessions: 0, ...route }
  return { file: LATCHKEY, argument: JSON.stringify(guarded) }
}

async function onOneNode({ logouts }: Effort): Promise<Refusals[]> {
  const peer = (file: string, more = {}) => ({
    file: `${PEERS}/${file}`,
    argument: JSON.stringify({ sessions: logouts, ...more }),
  })
  const programs: Readonly<Record<string, RouteProgram>> = {
    'Latchkey, the node that was asked': ours({ sessions: logouts }),
    'express-session + Passport, in memory': peer('passport-session.mjs'),
    'better-auth, in memory': peer('better-auth.mjs'),
  }
  const told: Refusals[] = []
  for (const [name, program] of Object.entries(programs)) {
    const route = await startRoute(program)
    told.push({ name, times: await refusalsAt({ loggedOutAt: route, calledAt: route }, logouts) })
    route.stop()
  }
  const cached = await startRoute(peer('better-auth.mjs', { cookieCache: true, sessions: 1 }))
  const times = await refusalsAt({ loggedOutAt: cached, calledAt: cached }, 1)
  cached.stop()
  return [...told, { name: 'better-auth, with its cookie cache', times }]
}

async function onTwoNodes({ logouts }: Effort): Promise<Refusals[]> {
  const server = await findServer(postgres)
  if (server === undefined) return []
  const redis = hasRedis ? await startRedis() : null
  const pushes: Readonly<Record<string, Partial<LatchkeyRoute>>> = {
    'Latchkey, another node, by polling': {},
    'Latchkey, another node, by push of PostgreSQL': { push: 'postgres' },
    ...(redis !== null && {
      'Latchkey, another node, by push of Redis': { push: { redis: redis.url } },
    }),
  }
  try {
    const told: Refusals[] = []
    for (const [name, push] of Object.entries(pushes)) {
      const database = await makeDatabase(postgres, server.url)
      const route = { database: database.url, ...push }
      const loggedOutAt = await startRoute(ours({ ...route, sessions: logouts }))
      const calledAt = await startRoute(ours(route))
      told.push({ name, times: await refusalsAt({ loggedOutAt, calledAt }, logouts) })
      loggedOutAt.stop()
      calledAt.stop()
      await database.drop()
    }
    return told
  } finally {
    await redis?.stop()
    await server.stop?.()
  }
}

async function refusalsAt(
  where: { readonly loggedOutAt: RouteProcess; readonly calledAt: RouteProcess },
  logouts: number,
): Promise<(number | null)[]> {
  const times: (number | null)[] = []
  const isElsewhere = where.calledAt !== where.loggedOutAt
  for (const session of where.loggedOutAt.sessions.slice(0, logouts)) {
    // At any moment between two polls: the refusal before came with one.
    if (isElsewhere) await pause(Math.random() * POLL_MS)
    times.push(await firstRefusal(where, session, PATIENCE_MS))
  }
  return times
}
