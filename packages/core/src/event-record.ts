import { outcomes, type RecordedEvent } from './events.ts'
import type { EventRecord, JsonObject } from './records.ts'

/** The event as an entry of the audit log. */
export function toRecord(event: RecordedEvent): EventRecord {
  const { id, at, type, userId, actorId, client, ...rest } = event
  const { sessionId, ...data }: JsonObject & { readonly sessionId?: string } = rest
  return {
    id,
    at,
    type,
    outcome: outcomes[type],
    userId: userId ?? null,
    actorId: actorId ?? null,
    sessionId: sessionId ?? null,
    ip: client?.ip ?? null,
    userAgent: client?.userAgent ?? null,
    data,
  }
}
