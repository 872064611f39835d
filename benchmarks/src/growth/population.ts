import assert from 'node:assert/strict'
import type { AuthOptions, EventPosition, EventQuery } from '@latchkey/core'
import { type FakeClock, fakeClock } from '@latchkey/core/testing'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { buildRuntime } from '../../../packages/core/src/config.ts'
import type { Context } from '../../../packages/core/src/context.ts'
import { benchOptions, PASSWORD } from '../accounts.ts'
import type { BenchDatabase, DatabaseServer } from '../databases.ts'
import type { Fill, Filled } from './fill.ts'
import { eventOf, type Plan, planFor, sessionOf, userOf } from './plan.ts'

/** A database with so many users. */
export interface Population extends Filled {
  readonly url: string
  readonly plan: Plan
  readonly seconds: number
  readonly store: SqlStore
  /** For `createAuth`. */
  readonly options: AuthOptions
  readonly ctx: Context
  readonly clock: FakeClock
  /** The generation of each session that is no longer at its first. */
  readonly generations: Map<number, number>
  drop(): Promise<void>
}

/** Makes a database with so many users, each with a session and an event. */
export async function populate(
  server: DatabaseServer,
  fill: Fill,
  size: number,
): Promise<Population> {
  const database = await server.make()
  try {
    return await populateThere(database, fill, size)
  } catch (error) {
    await database.drop()
    throw error
  }
}

async function populateThere(database: BenchDatabase, fill: Fill, size: number) {
  const clock = fakeClock(new Date())
  const options = benchOptions({ now: clock.now })
  const plan = planFor(size, await buildRuntime(options).ctx.hasher.hash(PASSWORD))
  await addFirst(database.url, plan)
  const start = performance.now()
  const filled = await fill(database.url, plan)
  const seconds = (performance.now() - start) / 1000
  const store = sqlStore({ url: database.url })
  await requirePlan(store, plan)
  return {
    ...filled,
    url: database.url,
    plan,
    seconds,
    store,
    options: { ...options, store },
    ctx: buildRuntime({ ...options, store }).ctx,
    clock,
    generations: new Map<number, number>(),
    drop: () => store.close().then(database.drop),
  }
}

async function addFirst(url: string, plan: Plan): Promise<void> {
  const store = sqlStore({ url })
  await store.migrate()
  await store.users.insert(userOf(plan, 0))
  await store.sessions.insert(sessionOf(plan, 0))
  await store.events.append([eventOf(plan, 0)])
  await store.close()
}

/** Throws unless the database holds what the plan says: tokens are made by the plan. */
async function requirePlan({ sessions, events }: SqlStore, plan: Plan): Promise<void> {
  const last = plan.size - 1
  const found = await sessions.find(sessionOf(plan, last).id)
  assert.deepEqual(found, { session: sessionOf(plan, last), user: userOf(plan, last) })
  const latest = await events.list(eventPage(2, null))
  assert.deepEqual(latest, [eventOf(plan, last), eventOf(plan, last - 1)])
}

/** A page of the audit log, behind the event of that place or from the newest on. */
export function eventPage(limit: number, after: EventPosition | null): EventQuery {
  const anything = { userId: null, actorId: null, type: null, outcome: null }
  return { limit, after, ...anything, from: null, before: null }
}
