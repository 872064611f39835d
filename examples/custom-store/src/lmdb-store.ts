import type { PruneLimits, Store } from '@latchkey/core'
import { type Environment, openEnvironment } from './environment.ts'
import { eventStore } from './events.ts'
import type { Key } from './key.ts'
import { oneTimeTokenStore } from './one-time-tokens.ts'
import { sessionStore } from './sessions.ts'
import type { Table } from './table.ts'
import { userStore } from './users.ts'

/** What `lmdbStore` takes. */
export interface LmdbStoreOptions {
  /** The file. LMDB keeps a second one beside it, with `-lock` behind its name. */
  readonly path: string
}

/**
 * The storage contract on LMDB. LMDB lets one write at a time, among all processes: so a verb is one write transaction,
 * in which it may look first and write then, and nothing can come in between.
 */
export function lmdbStore({ path }: LmdbStoreOptions): Store {
  const environment = openEnvironment(path)
  const { users, feed, read } = environment
  return {
    users: userStore(environment),
    sessions: sessionStore(environment),
    oneTimeTokens: oneTimeTokenStore(environment),
    events: eventStore(environment),
    revokedSince: (cursor) => read(() => feed.since(cursor)),
    prune: (limits) => prune(environment, limits),
    ready: () => read(() => void users.get('')),
    close: environment.close,
  }
}

/** In portions, so that no verb waits long for its turn to write. */
const PORTION = 100

async function prune(
  { users, sessions, tokens, events, feed, write }: Environment,
  { now, endedBefore, pendingBefore, eventsBefore }: PruneLimits,
): Promise<number> {
  await inPortions(() => write(() => feed.forget(PORTION)))
  const removeAll = <Row extends object>(table: Table<Row>, beginning: Key, before: Date) =>
    inPortions(() => write(() => removePortion(table, beginning, before)))
  return (
    (await removeAll(tokens, ['expired'], now)) +
    (await removeAll(sessions, ['ended'], endedBefore)) +
    (await removeAll(users, ['changed', 'deleted'], endedBefore)) +
    (await removeAll(users, ['changed', 'pending'], pendingBefore)) +
    (await removeAll(events, ['all'], eventsBefore))
  )
}

async function inPortions(removePortion: () => Promise<number>): Promise<number> {
  let total = 0
  for (let removed = PORTION; removed === PORTION; total += removed) removed = await removePortion()
  return total
}

function removePortion<Row extends object>(table: Table<Row>, beginning: Key, before: Date) {
  const rows = table.list(beginning, { before, limit: PORTION })
  for (const row of rows) table.remove(row)
  return rows.length
}
