import { toRecord } from './event-record.ts'
import type { RecordedEvent } from './events.ts'
import { nameFailure } from './failures.ts'
import { oneLine } from './one-line.ts'
import type { JsonObject, JsonValue } from './records.ts'

/** What writes structured lines: pino, or anything that is called as it is. */
export interface Logger {
  info(fields: JsonObject, message: string): unknown
  warn(fields: JsonObject, message: string): unknown
  error(fields: JsonObject, message: string): unknown
}

/** Writes one line about an event: `info` for what went through, `warn` for what was refused. */
export function logEvent(logger: Logger, event: RecordedEvent): unknown {
  const { id, at, type, outcome, data, ...rest } = toRecord(event)
  const known = Object.entries(rest).filter(([, value]) => value !== null)
  const about = { event: type, outcome, eventId: id, at: at.toISOString() }
  const fields = encodedMembers({ ...data, ...Object.fromEntries(known), ...about })
  return outcome === 'success' ? logger.info(fields, type) : logger.warn(fields, type)
}

/** Writes one line about what failed where nobody waits for it. */
export function logFailure(logger: Logger, error: unknown, what: string): unknown {
  const fields = encodedMembers({ what, ...nameFailure(error) })
  return logger.error(fields, `${fields.what} failed`)
}

const MAX_TEXT = 256
const MAX_ITEMS = 32

/** So that no value forges or floods a line, whatever the logger does with it (S117). */
function encoded(value: JsonValue): JsonValue {
  if (typeof value === 'string') return oneLine(value, MAX_TEXT)
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value)
    ? value.slice(0, MAX_ITEMS).map(encoded)
    : encodedMembers(value as JsonObject)
}

function encodedMembers(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_ITEMS)
      .map(([name, value]) => [oneLine(name, MAX_TEXT), encoded(value)]),
  )
}
