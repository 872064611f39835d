import * as z from 'zod'
import { type Actor, authorize } from '../authority.ts'
import type { Context } from '../context.ts'
import { isId } from '../crypto/random.ts'
import {
  type EventPage,
  eventPageMembers,
  type ListOwnEventsInput,
  readEventPage,
} from '../event-pages.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { timeSchema } from '../paging.ts'

/** What `listEvents` takes. */
export interface ListEventsInput extends ListOwnEventsInput {
  /** Only events about this user. */
  readonly userId?: string | undefined
  /** Only events that this user caused in the name of somebody else, or as an administrator. */
  readonly actorId?: string | undefined
  /** Only events of this time or later: a `Date`, or ISO 8601. */
  readonly from?: Date | string | undefined
  /** Only events before this time. */
  readonly before?: Date | string | undefined
}

const id = () => z.string().refine(isId, 'Give an id.')

export const listEventsInput = once(() =>
  z.strictObject({
    ...eventPageMembers(),
    userId: id().optional().meta({ description: 'About this user.' }),
    actorId: id().optional().meta({ description: 'Caused by this user, for or to another.' }),
    from: timeSchema('Of this time or later.').optional(),
    before: timeSchema('Before this time.').optional(),
  }),
)

/**
 * Reads a page of the audit log, newest first. Throws `forbidden` without the permission `events:read`, and
 * `invalid_input` for a cursor that is none.
 */
export async function listEvents(
  ctx: Context,
  by: Actor,
  input: InputOf<typeof listEventsInput>,
  client: Client,
): Promise<EventPage> {
  await authorize(ctx, by, ['events:read'], client)
  const { userId = null, actorId = null, from = null, before = null } = input
  return readEventPage(ctx, { ...input, userId, actorId, from, before })
}
