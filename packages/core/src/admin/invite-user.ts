import * as z from 'zod'
import {
  type Actor,
  type Authority,
  authorize,
  checkRoles,
  requireRecentLogin,
} from '../authority.ts'
import type { Context, Settings } from '../context.ts'
import { inputError } from '../errors.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifiers, readSomeIdentifiers } from '../identifiers.ts'
import { type InputOf, rolesSchema } from '../input.ts'
import { sendInvitation } from '../invitations.ts'
import { once } from '../once.ts'
import { profileInput, readProfile } from '../profiles.ts'
import type { JsonObject, User } from '../records.ts'
import { refuseUnknownRoles } from '../roles.ts'
import { takenError } from '../taken-identifiers.ts'
import { insertUser, newUser } from '../users.ts'

export const inviteUserInput = once(() =>
  z.strictObject({
    email: z.string().max(320).optional(),
    username: z.string().max(64).optional(),
    phone: z.string().max(64).optional(),
    roles: rolesSchema().optional(),
    profile: profileInput().optional(),
  }),
)

/** With these settings: the identifiers and the profile that accounts have, an address among them. */
export function inviteUserInputUnder({ identifiers, profile: schema }: Settings): z.ZodType {
  const { email, username, phone, roles, profile } = inviteUserInput().shape
  const others = {
    ...(identifiers.includes('email') && { email }),
    ...(identifiers.includes('username') && { username }),
    ...(identifiers.includes('phone') && { phone }),
    roles,
    ...(schema !== null && { profile }),
  }
  const ways = [
    ...(identifiers.includes('email') ? [{ ...others, email: email.unwrap() }] : []),
    ...(identifiers.includes('phone') ? [{ ...others, phone: phone.unwrap() }] : []),
  ]
  return z.union(ways.map((way) => z.strictObject(way)))
}

/** What `inviteUser` takes: an address, and whatever else is known already. */
export type InviteUserInput = InputOf<typeof inviteUserInput>

/**
 * Makes an account for somebody else, and sends them the link with which they choose a password: no administrator ever
 * sets or sees one (S091). It waits until they do. A profile that is given must be whole; else its owner gives it. To
 * give roles takes the permission for it, and a login within 15 minutes. Throws `email_taken`, `phone_taken` and
 * `username_taken`, also where somebody registered and waits.
 *
 * A crash leaves nothing, or an account that waits: its invitation can be sent again.
 */
export async function inviteUser(
  ctx: Context,
  by: Actor,
  input: InviteUserInput,
  client: Client,
): Promise<User> {
  const { roles } = input
  const needed = roles === undefined ? [] : (['users:roles'] as const)
  const authority = await authorize(ctx, by, ['users:write', ...needed], client)
  const user: User = {
    ...newUser(ctx, readGiven(ctx, input), 'pending'),
    profile: await readGivenProfile(ctx, input.profile),
  }
  const invited = roles === undefined ? user : withRoles(ctx, authority, user, roles)
  const taken = await insertUser(ctx, invited)
  if (taken !== null) throw takenError(taken)
  ctx.emit({ type: 'user.created', userId: invited.id, ...authority.trace })
  await sendInvitation(ctx, invited, authority.trace)
  return invited
}

/** Its owner may add what is missing, but without an address nobody would hear of it. */
function readGiven(ctx: Context, input: InviteUserInput): GivenIdentifiers {
  const given = readSomeIdentifiers(ctx, input)
  if (given.email !== null || given.phone !== null) return given
  const pointer = ctx.settings.identifiers.includes('email') ? '/email' : '/phone'
  throw inputError(pointer, 'required', 'Give the address to which the invitation goes.')
}

async function readGivenProfile(
  ctx: Context,
  profile: InviteUserInput['profile'],
): Promise<JsonObject> {
  if (profile === undefined) return {}
  return readProfile(ctx, profile, { writer: 'administrator', current: {} })
}

function withRoles(ctx: Context, authority: Authority, user: User, roles: readonly string[]): User {
  requireRecentLogin(ctx, authority)
  refuseUnknownRoles(ctx.settings, roles)
  checkRoles(ctx, authority, user.id, roles)
  return { ...user, roles: [...new Set(roles)] }
}
