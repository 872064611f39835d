import type * as z from 'zod'
import { type Actor, authorize } from '../authority.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { User } from '../records.ts'
import { cursorBehind, type listUsersInput, queryOf } from '../user-listing.ts'

/** Some accounts, and where to go on; `null` when these were the last. */
export interface UserPage {
  readonly users: readonly User[]
  readonly cursor: string | null
}

/** A page of the accounts that the input means, in its order. Deleted ones are never among them. */
export async function listUsers(
  ctx: Context,
  by: Actor,
  input: z.output<ReturnType<typeof listUsersInput>>,
  client: Client,
): Promise<UserPage> {
  await authorize(ctx, by, ['users:read'], client)
  const query = queryOf(input)
  // One more than is shown says whether there is another page.
  const found = await ctx.store.users.list({ ...query, limit: query.limit + 1 })
  const users = found.slice(0, query.limit)
  const last = users.at(-1)
  const goesOn = found.length > users.length && last !== undefined
  return { users, cursor: goesOn ? cursorBehind(last, query.sort) : null }
}
