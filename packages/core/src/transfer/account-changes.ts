import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { readProfile } from '../profiles.ts'
import type { User, UserPatch } from '../records.ts'
import type { ImportedAccount } from './import-row.ts'
import { patiently } from './patience.ts'

/**
 * What a row changes of an account that exists: nothing of what it does not name, and nothing that is so already. A
 * password is changed only if `passwords` says so, and never to the one that the account has.
 */
export async function changesOf(
  ctx: Context,
  user: User,
  account: ImportedAccount,
  passwords: boolean,
): Promise<UserPatch> {
  const wanted: UserPatch = {
    ...wantedNames(ctx, user, account),
    ...wantedStanding(user, account),
    ...(await wantedProfile(ctx, user, account)),
    ...(passwords && (await wantedPassword(ctx, user, account))),
  }
  const changes = Object.entries(wanted).filter(
    ([name, value]) => !isDeepStrictEqual(user[name as keyof UserPatch], value),
  )
  return withCounters(user, Object.fromEntries(changes))
}

/**
 * Sessions end with other credentials, with an address in place of another, and with a closed account; access tokens are
 * stale with other roles.
 */
function withCounters(user: User, patch: UserPatch): UserPatch {
  const endsSessions =
    patch.status === 'disabled' ||
    patch.passwordHash !== undefined ||
    (patch.email !== undefined && user.email !== null) ||
    (patch.phone !== undefined && user.phone !== null)
  return {
    ...patch,
    ...(endsSessions && { credentialEpoch: user.credentialEpoch + 1 }),
    ...(patch.roles !== undefined && { claimsVersion: user.claimsVersion + 1 }),
  }
}

function wantedNames(ctx: Context, user: User, account: ImportedAccount): UserPatch {
  const { email, username, phone } = account.identifiers
  const proof = (was: Date | null, isSame: boolean, said: boolean | undefined) =>
    proofOf(ctx.now(), isSame ? was : null, said ?? (isSame && was !== null))
  return {
    ...(email !== null && { email: email.canonical, emailAsTyped: email.asTyped }),
    ...(username !== null && { username: username.canonical, usernameAsTyped: username.asTyped }),
    ...(phone !== null && { phone: phone.canonical }),
    emailVerifiedAt: proof(
      user.emailVerifiedAt,
      email === null || email.canonical === user.email,
      account.emailVerified,
    ),
    phoneVerifiedAt: proof(
      user.phoneVerifiedAt,
      phone === null || phone.canonical === user.phone,
      account.phoneVerified,
    ),
  }
}

/** Another address is proved only if the row says so. What was proved before stays proved since then. */
function proofOf(now: Date, was: Date | null, isProved: boolean): Date | null {
  return isProved ? (was ?? now) : null
}

/** An account that has been opened does not go back to waiting, where it would be forgotten after a while. */
function wantedStanding(user: User, { roles, status }: ImportedAccount): UserPatch {
  const others = roles !== undefined && !haveSame(roles, user.roles)
  return {
    ...(others && { roles: [...new Set(roles)] }),
    ...(status !== undefined && status !== 'pending' && { status }),
  }
}

function haveSame(some: readonly string[], others: readonly string[]): boolean {
  return isDeepStrictEqual(new Set(some), new Set(others))
}

async function wantedProfile(
  ctx: Context,
  user: User,
  { profile }: ImportedAccount,
): Promise<UserPatch> {
  if (profile === undefined) return {}
  const change = { writer: 'administrator', current: user.profile } as const
  return { profile: await readProfile(ctx, profile, change) }
}

async function wantedPassword(
  { hasher }: Context,
  user: User,
  { password, passwordHash }: ImportedAccount,
): Promise<UserPatch> {
  if (passwordHash !== undefined) return { passwordHash }
  if (password === undefined) return {}
  const { valid } = await patiently(() => hasher.verify(user.passwordHash, password))
  return valid ? {} : { passwordHash: await patiently(() => hasher.hash(password)) }
}

const shownNames: Readonly<Record<string, string | undefined>> = {
  email: 'email',
  emailAsTyped: 'email',
  emailVerifiedAt: 'emailVerified',
  username: 'username',
  usernameAsTyped: 'username',
  phone: 'phone',
  phoneVerifiedAt: 'phoneVerified',
  roles: 'roles',
  status: 'status',
  profile: 'profile',
  passwordHash: 'password',
}

/** The names of what a change changes, for the audit log. */
export function fieldsOf(patch: UserPatch): readonly string[] {
  const names = Object.keys(patch).flatMap((name) => shownNames[name] ?? [])
  return [...new Set(names)]
}
