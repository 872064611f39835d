import type { Context } from './context.ts'
import { idsInOrder } from './crypto/random.ts'
import { toRecord } from './event-record.ts'
import type { AuthEvent, RecordedEvent } from './events.ts'
import type { EventRecord } from './records.ts'

// Every client does it every ten minutes: listeners hear of it, the log would drown in it.
const NOT_LOGGED: ReadonlySet<AuthEvent['type']> = new Set(['session.refreshed'])

/** Gives each event an id and a time, tells it, and writes the audit log in batches off the response path. */
export function eventLog(
  ctx: Pick<Context, 'store' | 'later' | 'now'>,
  tell: (event: RecordedEvent) => void,
): (event: AuthEvent) => void {
  let batch: EventRecord[] = []
  const nextId = idsInOrder()

  async function write(): Promise<void> {
    const events = batch
    batch = []
    await ctx.store.events.append(events)
  }

  return (event) => {
    const at = ctx.now()
    const recorded = Object.freeze({ ...event, id: nextId(at), at })
    tell(recorded)
    if (NOT_LOGGED.has(event.type)) return
    batch.push(toRecord(recorded))
    if (batch.length === 1) ctx.later('writing the audit log', write)
  }
}
