import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { Context, Settings } from '../context.ts'
import { AuthError, inputError } from '../errors.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifier, readNewIdentifier } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { passwordSchema } from '../passwords.ts'
import type { Principal } from '../principal.ts'
import { profileInput, readProfile } from '../profiles.ts'
import { reauthenticate } from '../reauthentication.ts'
import type { JsonObject, User, UserPatch } from '../records.ts'
import { takenField } from '../unique-violation.ts'
import { activeUser, changeUser } from '../users.ts'

export const updateAccountInput = once(() =>
  z.strictObject({
    username: z.string().max(64).optional(),
    profile: profileInput().optional(),
    currentPassword: passwordSchema().optional(),
  }),
)

/** With these settings: what accounts have. */
export function updateAccountInputUnder({ identifiers, profile: schema }: Settings): z.ZodType {
  const { username, profile, currentPassword } = updateAccountInput().shape
  return z.strictObject({
    ...(identifiers.includes('username') && { username }),
    ...(schema !== null && { profile }),
    currentPassword,
  })
}

/** What `updateAccount` takes. */
export type UpdateAccountInput = InputOf<typeof updateAccountInput>

/** Another username, and the credentials under which it was asked for. */
interface Renaming {
  readonly username: GivenIdentifier
  readonly credentialEpoch: number
}

/**
 * Changes the own profile and username, and nothing else (S011), in one write. Members of the profile that are not
 * given stay as they are when it is written: of two changes at once neither is lost. Another username wants the
 * current password, or a fresh login, and the owner is told. Throws `username_taken`, and `invalid_input` for what the
 * application's schema refuses.
 *
 * A crash leaves all of it or nothing.
 */
export async function updateAccount(
  ctx: Context,
  principal: Principal,
  input: UpdateAccountInput,
  client: Client,
): Promise<User> {
  const user = await activeUser(ctx, principal.user.id)
  const renaming = await readRenaming(ctx, principal, user, input, client)
  if (renaming === null && input.profile === undefined) return user
  const { changed, fields } = await write(ctx, user, renaming, input.profile)
  const { actor } = principal
  const subject = { userId: user.id, client, ...(actor !== null && { actorId: actor.id }) }
  if (fields.length > 0) ctx.emit({ type: 'profile.changed', fields, ...subject })
  if (renaming === null) return changed
  ctx.emit({ type: 'username.changed', ...subject })
  ctx.send({ kind: 'username_changed', to: changed })
  return changed
}

/** The name that the user has already is no other: a form may send all that it shows. */
async function readRenaming(
  ctx: Context,
  principal: Principal,
  user: User,
  input: UpdateAccountInput,
  client: Client,
): Promise<Renaming | null> {
  if (input.username === undefined || input.username === user.usernameAsTyped) return null
  const username = readNewIdentifier(ctx, 'username', input.username)
  const purpose = 'change_username'
  const proved = await reauthenticate(ctx, principal, input, purpose, client)
  return { username, credentialEpoch: proved.user.credentialEpoch }
}

async function write(
  ctx: Context,
  user: User,
  renaming: Renaming | null,
  profile: UpdateAccountInput['profile'],
): Promise<{ readonly changed: User; readonly fields: readonly string[] }> {
  let before = user.profile
  const changed = await changeUser(ctx, user.id, async (current) => {
    const { credentialEpoch = current.credentialEpoch } = renaming ?? {}
    if (current.status !== 'active' || current.credentialEpoch !== credentialEpoch) {
      throw new AuthError('invalid_token')
    }
    before = current.profile
    return { ...nameOf(renaming), ...(await profileOf(ctx, current, profile)) }
  }).catch(refuseTakenUsername)
  if (changed === null) throw new AuthError('invalid_token')
  return { changed, fields: changedMembers(before, changed.profile) }
}

function nameOf(renaming: Renaming | null): UserPatch {
  if (renaming === null) return {}
  const { canonical, asTyped } = renaming.username
  return { username: canonical, usernameAsTyped: asTyped }
}

async function profileOf(
  ctx: Context,
  { profile: current }: User,
  given: UpdateAccountInput['profile'],
): Promise<UserPatch> {
  if (given === undefined) return {}
  return { profile: await readProfile(ctx, given, { writer: 'owner', current }) }
}

function refuseTakenUsername(error: unknown): never {
  if (takenField(error) !== 'username') throw error
  throw inputError('/username', 'taken', 'Choose another username.', 'username_taken')
}

function changedMembers(before: JsonObject, after: JsonObject): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]))
}
