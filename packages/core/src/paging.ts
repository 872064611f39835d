import * as z from 'zod'
import { isId } from './crypto/random.ts'
import { inputError } from './errors.ts'
import type { JsonValue } from './records.ts'

// What every database can keep as a time: no later than the year 9999.
const MAX_TIME = Date.UTC(10_000, 0) - 1
const MAX_CURSOR = 1024
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/

/** How many to give at a time: a number, or its digits in a query (S094). */
export function limitSchema(max: number, fallback: number) {
  const meta = { type: 'integer', minimum: 1, maximum: max, default: fallback } as const
  return z
    .unknown()
    .meta(meta)
    .refine((value) => isWholeNumber(value, max), `Give a whole number from 1 to ${max}.`)
    .transform(Number)
}

/** A time: a `Date`, or ISO 8601 in a query. */
export function timeSchema(description: string) {
  return z
    .unknown()
    .meta({ type: 'string', format: 'date-time', description })
    .refine(isTime, 'Give a time in ISO 8601 with its offset, such as 2030-01-31T12:00:00Z.')
    .transform((value) => new Date(value as Date | string))
}

/** What came with the page before, to go on from there. */
export function cursorMember() {
  return z.string().max(MAX_CURSOR).meta({ description: 'From the page before. Opaque.' })
}

/** A time in a cursor: milliseconds since 1970. */
export function cursorTime() {
  return z.int().min(0).max(MAX_TIME)
}

/** A text in a cursor: one that every database takes. */
export function cursorText() {
  return z
    .string()
    .max(320)
    .refine((text) => text.isWellFormed() && !text.includes('\0'))
}

/** An id in a cursor. */
export function cursorId() {
  return z.string().refine(isId)
}

/** A place in a list as one opaque word. */
export function writeCursor(position: JsonValue): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** The place that a cursor stands for. Throws `invalid_input` for every text that is none of ours. */
export function readCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  const { success, data } = schema.safeParse(decoded(cursor))
  if (success) return data
  throw inputError('/cursor', 'invalid', 'Give the cursor of the page before, and the same sort.')
}

function decoded(cursor: string): unknown {
  try {
    const bytes = Buffer.from(cursor, 'base64url')
    return bytes.toString('base64url') === cursor ? JSON.parse(bytes.toString()) : undefined
  } catch {
    return undefined
  }
}

function isWholeNumber(value: unknown, max: number): boolean {
  const isNumber = typeof value === 'number' || /^\d{1,9}$/.test(String(value))
  const number = Number(value)
  return isNumber && Number.isInteger(number) && number >= 1 && number <= max
}

function isTime(value: unknown): boolean {
  const isWritten = typeof value === 'string' && ISO_8601.test(value) && isDay(value.slice(0, 10))
  const time = value instanceof Date || isWritten ? new Date(value).getTime() : Number.NaN
  return time >= 0 && time <= MAX_TIME
}

/** The 30th of February would be read as the second of March. */
function isDay(day: string): boolean {
  const time = new Date(day)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day)
}
