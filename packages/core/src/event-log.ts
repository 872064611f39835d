import type { Context } from './context.ts'
import { newId } from './crypto/random.ts'
import { type AuthEvent, outcomes, type RecordedEvent } from './events.ts'
import type { EventRecord, JsonObject } from './records.ts'

// Every client does it every ten minutes: listeners hear of it, the log would drown in it.
const NOT_LOGGED: ReadonlySet<AuthEvent['type']> = new Set(['session.refreshed'])

/** Gives each event an id and a time, tells the listener, and writes the audit log in batches off the response path. */
export function eventLog(
  ctx: Pick<Context, 'store' | 'later' | 'now'>,
  listener: (event: RecordedEvent) => void,
): (event: AuthEvent) => void {
  let batch: EventRecord[] = []

  async function write(): Promise<void> {
    const events = batch
    batch = []
    await ctx.store.events.append(events)
  }

  return (event) => {
    const at = ctx.now()
    const recorded = { ...event, id: newId(at), at }
    ctx.later('telling an event', async () => listener(recorded))
    if (NOT_LOGGED.has(event.type)) return
    batch.push(toRecord(recorded))
    if (batch.length === 1) ctx.later('writing the audit log', write)
  }
}

function toRecord(event: RecordedEvent): EventRecord {
  const { id, at, type, userId, client, ...rest } = event
  const { sessionId, ...data }: JsonObject & { readonly sessionId?: string } = rest
  return {
    id,
    at,
    type,
    outcome: outcomes[type],
    userId: userId ?? null,
    actorId: null,
    sessionId: sessionId ?? null,
    ip: client?.ip ?? null,
    userAgent: client?.userAgent ?? null,
    data,
  }
}
