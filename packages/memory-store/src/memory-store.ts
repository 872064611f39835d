import type { Store } from '@latchkey/core'
import { changeLog } from './change-log.ts'
import { EventTable } from './events.ts'
import { OneTimeTokenTable } from './one-time-tokens.ts'
import { SessionTable } from './sessions.ts'
import { UserTable } from './users.ts'

/** What `memoryStore` takes. */
export interface MemoryStoreOptions {
  /** How many events of the audit log are kept; the oldest go first. @default 10000 */
  readonly maxEvents?: number
}

/**
 * The storage contract in the memory of one process: for tests, demonstrations and tools. Everything is gone when the
 * process ends. Every verb runs to its end without a pause, and so none can be raced.
 */
export function memoryStore({ maxEvents = 10_000 }: MemoryStoreOptions = {}): Store {
  const changes = changeLog()
  const users = new UserTable(changes)
  const sessions = new SessionTable(changes, users)
  const oneTimeTokens = new OneTimeTokenTable()
  const events = new EventTable(maxEvents)
  const tables = [users, sessions, oneTimeTokens, events]
  return {
    users,
    sessions,
    oneTimeTokens,
    events,
    revokedSince: async (cursor) => changes.since(cursor),
    prune: async (limits) => tables.reduce((sum, table) => sum + table.prune(limits), 0),
    ready: async () => {},
    close: async () => {},
  }
}
