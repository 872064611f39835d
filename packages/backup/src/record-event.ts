import { randomUUID } from 'node:crypto'
import type { AuthEventType, JsonObject, Store } from '@latchkey/core'

/** Writes to the audit log that something was done to many accounts, by nobody who has one. */
export function record(
  store: Store,
  type: AuthEventType,
  data: JsonObject,
  at: Date,
): Promise<void> {
  const nobody = { userId: null, actorId: null, sessionId: null, ip: null, userAgent: null }
  return store.events.append([{ id: randomUUID(), at, type, outcome: 'success', ...nobody, data }])
}
