import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { addressOn } from '../addresses.ts'
import {
  type Actor,
  type Authority,
  authorize,
  type Change,
  changeSubordinate,
  requireRecentLogin,
} from '../authority.ts'
import type { Context, Settings } from '../context.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifiers, readSomeIdentifiers } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { removeOlderTokens } from '../one-time-tokens.ts'
import { profileInput, readProfile } from '../profiles.ts'
import type { IdentifierKind, User, UserPatch } from '../records.ts'
import { endOlderSessions } from '../sessions.ts'
import { takenError } from '../taken-identifiers.ts'
import { takenField } from '../unique-violation.ts'

export const updateUserInput = once(() =>
  z.strictObject({
    email: z.string().max(320).optional(),
    username: z.string().max(64).optional(),
    phone: z.string().max(64).optional(),
    profile: profileInput().optional(),
  }),
)

/** With these settings: the identifiers and the profile that accounts have. */
export function updateUserInputUnder({ identifiers, profile: schema }: Settings): z.ZodType {
  const { email, username, phone, profile } = updateUserInput().shape
  return z.strictObject({
    ...(identifiers.includes('email') && { email }),
    ...(identifiers.includes('username') && { username }),
    ...(identifiers.includes('phone') && { phone }),
    ...(schema !== null && { profile }),
  })
}

/** What `updateUser` takes. What is left out stays. */
export type UpdateUserInput = InputOf<typeof updateUserInput>

/**
 * Changes identifiers and profile of an account, in one write. Nobody has proved an address that is given so: it counts
 * as not verified, every session ends, nothing that was sent to the address before works any more, and that one is told.
 * Another address wants a login within 15 minutes: it is as good as the account. Throws `email_taken`, `phone_taken`,
 * `username_taken`, and `invalid_input` for what the application's schema refuses.
 *
 * A crash leaves all of it or nothing; after it, messages may be missing.
 */
export async function updateUser(
  ctx: Context,
  by: Actor,
  userId: string,
  input: UpdateUserInput,
  client: Client,
): Promise<User> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const { profile, ...names } = input
  const given = readSomeIdentifiers(ctx, names)
  if (given.email !== null || given.phone !== null) requireRecentLogin(ctx, authority)
  const change = await changeSubordinate(ctx, authority, userId, async (user) => {
    const writer = 'administrator'
    const current = user.profile
    return {
      ...identifierPatch(user, given),
      ...(profile !== undefined && {
        profile: await readProfile(ctx, profile, { writer, current }),
      }),
    }
  }).catch(refuseTaken)
  const fields = members.filter(
    (name) => !isDeepStrictEqual(change.before[name], change.after[name]),
  )
  if (fields.length > 0) ctx.emit({ type: 'user.updated', userId, fields, ...authority.trace })
  finish(ctx, change, authority)
  return change.after
}

const kinds = ['email', 'phone', 'username'] as const
const members = [...kinds, 'profile'] as const

function identifierPatch(user: User, { email, phone, username }: GivenIdentifiers): UserPatch {
  const movesEmail = email !== null && email.canonical !== user.email
  const movesPhone = phone !== null && phone.canonical !== user.phone
  return {
    ...(email !== null && { email: email.canonical, emailAsTyped: email.asTyped }),
    ...(movesEmail && { emailVerifiedAt: null }),
    ...(movesPhone && { phone: phone.canonical, phoneVerifiedAt: null }),
    ...(username !== null && { username: username.canonical, usernameAsTyped: username.asTyped }),
    ...((movesEmail || movesPhone) && { credentialEpoch: user.credentialEpoch + 1 }),
  }
}

function refuseTaken(error: unknown): never {
  const field = takenField(error)
  throw field === null || field === 'id' ? error : takenError(field)
}

/** Ends what the change made void, and tells of it. Nobody has proved the addresses of an account that waits. */
function finish(ctx: Context, { before, after }: Change, { trace }: Authority): void {
  const userId = after.id
  if (before.credentialEpoch !== after.credentialEpoch) {
    endOlderSessions(ctx, after, 'ended_by_administrator')
    // Also the link that undoes an earlier change, which no other change makes void.
    removeOlderTokens(ctx, after)
  }
  for (const kind of kinds) {
    if (before[kind] === after[kind]) continue
    ctx.emit({ type: `${kind}.changed`, userId, ...trace })
    if (before.status !== 'pending') tellOwner(ctx, kind, before, after)
  }
}

/** Where the address is another, the one before: it learns nothing of what the account has now. */
function tellOwner(ctx: Context, kind: IdentifierKind, before: User, after: User): void {
  if (kind === 'username') {
    ctx.send({ kind: 'username_changed', to: after })
    return
  }
  const address = addressOn(before, kind === 'email' ? 'email' : 'sms')
  if (address !== null) ctx.send({ kind: `${kind}_changed`, to: before, address })
}
