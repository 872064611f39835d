import * as z from 'zod'
import type { Context } from './context.ts'
import { type AuthEventType, outcomes } from './events.ts'
import { once } from './once.ts'
import {
  cursorId,
  cursorMember,
  cursorTime,
  limitSchema,
  readCursor,
  writeCursor,
} from './paging.ts'
import type { EventPosition, EventQuery } from './queries.ts'
import type { EventRecord } from './records.ts'

/** Which events of an account are meant, and how many. What is left out is no condition. */
export interface ListOwnEventsInput {
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** From the page before, to go on. */
  readonly cursor?: string | undefined
  readonly type?: AuthEventType | undefined
  readonly outcome?: EventRecord['outcome'] | undefined
}

/** A page of the audit log, newest first. */
export interface EventPage {
  readonly events: readonly EventRecord[]
  /** Where the next page begins; `null` when this is the last. */
  readonly cursor: string | null
}

const MAX_LIMIT = 200
const DEFAULT_LIMIT = 50

/** The members of an input that asks for a page of events. */
export const eventPageMembers = once(() => ({
  limit: limitSchema(MAX_LIMIT, DEFAULT_LIMIT).optional(),
  cursor: cursorMember().optional(),
  type: z
    .enum(Object.keys(outcomes) as AuthEventType[], 'Give the name of an event.')
    .optional()
    .meta({ description: 'What happened.' }),
  outcome: z.enum(['success', 'failure'], 'Give "success" or "failure".').optional(),
}))

/** What of a page is asked for, and of whose events. */
export type WantedEvents = Omit<EventQuery, 'limit' | 'after' | 'type' | 'outcome'> &
  ListOwnEventsInput

/** Reads one event more than the page has: it says whether another page follows. */
export async function readEventPage(ctx: Context, wanted: WantedEvents): Promise<EventPage> {
  const { limit = DEFAULT_LIMIT, cursor, type = null, outcome = null, ...conditions } = wanted
  const after = cursor === undefined ? null : positionIn(cursor)
  const query = { ...conditions, type, outcome, after, limit: limit + 1 }
  const found = await ctx.store.events.list(query)
  const events = found.slice(0, limit)
  return { events, cursor: found.length > limit ? cursorBehind(events.at(-1)) : null }
}

const positionSchema = once(() => z.tuple([cursorTime(), cursorId()]))

function positionIn(cursor: string): EventPosition {
  const [at, id] = readCursor(cursor, positionSchema())
  return { at: new Date(at), id }
}

function cursorBehind(event: EventRecord | undefined): string | null {
  return event === undefined ? null : writeCursor([event.at.getTime(), event.id])
}
