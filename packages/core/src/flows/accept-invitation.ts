import * as z from 'zod'
import { provedOn } from '../addresses.ts'
import type { Context, Settings } from '../context.ts'
import { AuthError, inputError } from '../errors.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifier, namesOfUser, readNewIdentifier } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { isInvitable } from '../invitations.ts'
import { once } from '../once.ts'
import { findByLink, isVoid, removeUsedToken } from '../one-time-tokens.ts'
import { unlockPassword } from '../password-lock.ts'
import { checkNewPassword, newPasswordUnder, passwordSchema } from '../passwords.ts'
import { profileInput, readProfile } from '../profiles.ts'
import type { OneTimeToken, User, UserPatch } from '../records.ts'
import { takenError } from '../taken-identifiers.ts'
import { takenField } from '../unique-violation.ts'
import { changeUser } from '../users.ts'

export const acceptInvitationInput = once(() =>
  z.strictObject({
    token: z.string().max(256).meta({ description: 'From the link in the message.' }),
    password: passwordSchema(),
    username: z.string().max(64).optional(),
    profile: profileInput().optional(),
  }),
)

/** With these settings: what accounts have. */
export function acceptInvitationInputUnder(settings: Settings): z.ZodType {
  const { token, username, profile } = acceptInvitationInput().shape
  return z.strictObject({
    token,
    password: newPasswordUnder(settings),
    ...(settings.identifiers.includes('username') && { username }),
    ...(settings.profile !== null && { profile }),
  })
}

/** What `acceptInvitation` takes: the token, a password, and what the account still lacks. */
export type AcceptInvitationInput = InputOf<typeof acceptInvitationInput>

/**
 * Opens the account that an administrator made for somebody, with the password that they choose: whoever has the link
 * reads the address, which proves it. Throws `invalid_one_time_token`, `username_taken`, `password_too_short`,
 * `password_blocked`, and `invalid_input` while a username or a part of the profile is missing; none of these uses up
 * the invitation.
 *
 * Password, proof and credential epoch change in one write, which makes the token void. A crash before it leaves the
 * invitation in force; a crash after it costs nothing but tidiness.
 */
export async function acceptInvitation(
  ctx: Context,
  input: AcceptInvitationInput,
  client: Client,
): Promise<User> {
  const token = await findByLink(ctx, 'invite', input.token)
  const invited = token && (await ctx.store.users.find(token.userId))
  if (token === null || invited === null || !isUsable(token, invited)) {
    throw new AuthError('invalid_one_time_token')
  }
  const username = readUsername(ctx, invited, input.username)
  const known = { ...invited, ...(await readProfileOf(ctx, invited, input)) }
  const names = [...namesOfUser(known), username?.canonical]
  await checkNewPassword(ctx, '/password', input.password, names)
  const passwordHash = await ctx.hasher.hash(input.password)
  await unlockPassword(ctx, invited, client)
  const user = await open(ctx, token, async (current) => ({
    passwordHash,
    ...(await readProfileOf(ctx, current, input)),
    ...(username !== null && { username: username.canonical, usernameAsTyped: username.asTyped }),
  }))
  removeUsedToken(ctx, token)
  ctx.emit({ type: 'user.activated', userId: user.id, channel: token.channel, client })
  return user
}

function isUsable(token: OneTimeToken, user: User): boolean {
  return isInvitable(user) && !isVoid(token, user)
}

/** An administrator may have given a name already; whoever comes may choose another. */
function readUsername(
  ctx: Context,
  { username }: User,
  given: string | undefined,
): GivenIdentifier | null {
  if (given !== undefined) return readNewIdentifier(ctx, 'username', given)
  const { identifiers, optionalIdentifiers } = ctx.settings
  const isOptional = !identifiers.includes('username') || optionalIdentifiers.includes('username')
  if (isOptional || username !== null) return null
  throw inputError('/username', 'required', 'Choose a username.')
}

async function readProfileOf(
  ctx: Context,
  { profile: current }: User,
  { profile }: AcceptInvitationInput,
): Promise<Pick<User, 'profile'>> {
  return { profile: await readProfile(ctx, profile, { writer: 'owner', current }) }
}

async function open(
  ctx: Context,
  token: OneTimeToken,
  patchFor: (user: User) => Promise<UserPatch>,
): Promise<User> {
  try {
    const opened = await changeUser(ctx, token.userId, async (user) => {
      if (!isUsable(token, user)) throw new AuthError('invalid_one_time_token')
      return {
        ...(await patchFor(user)),
        status: 'active',
        ...provedOn(token.channel, ctx.now()),
        credentialEpoch: user.credentialEpoch + 1,
      }
    })
    if (opened === null) throw new AuthError('invalid_one_time_token')
    return opened
  } catch (error) {
    throw takenField(error) === 'username' ? takenError('username') : error
  }
}
