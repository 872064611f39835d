import * as z from 'zod'
import type { Context } from '../context.ts'
import { type EventPage, eventPageMembers, readEventPage } from '../event-pages.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import type { Principal } from '../principal.ts'

export const listOwnEventsInput = once(() => z.strictObject(eventPageMembers()))

/** Reads a page of what happened to the user's own account, newest first. Throws `invalid_input` for a cursor that is none. */
export async function listOwnEvents(
  ctx: Context,
  { user }: Principal,
  input: InputOf<typeof listOwnEventsInput>,
): Promise<EventPage> {
  return readEventPage(ctx, { ...input, userId: user.id, actorId: null, from: null, before: null })
}
