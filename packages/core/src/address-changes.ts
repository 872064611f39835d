import * as z from 'zod'
import { claimAddress } from './address-claims.ts'
import { addressOn } from './addresses.ts'
import { limitCodes } from './code-limits.ts'
import type { Context } from './context.ts'
import { AuthError, inputError } from './errors.ts'
import type { Client } from './events.ts'
import type { GivenIdentifier } from './identifiers.ts'
import { once } from './once.ts'
import {
  findByCodeOf,
  findByLink,
  type IssuedOneTimeToken,
  issueOneTimeToken,
} from './one-time-tokens.ts'
import type { Channel, OneTimeToken, TokenPurpose, User, UserPatch } from './records.ts'
import { changeUser } from './users.ts'

/** The kinds of address that reach somebody. */
export type AddressKind = 'email' | 'phone'

const kinds = {
  email: { purpose: 'change_email', channel: 'email' },
  phone: { purpose: 'change_phone', channel: 'sms' },
} as const satisfies Record<AddressKind, { purpose: TokenPurpose; channel: Channel }>

const heldSchema = once(() =>
  z.strictObject({
    canonical: z.string(),
    asTyped: z.string(),
    /** Milliseconds since 1970; `null` for an address that nobody has proved. */
    verifiedAt: z.int().nullable(),
  }),
)

const changeSchema = once(() =>
  z.strictObject({
    /** The new address, as its owner wrote it. The token says itself which one it proves. */
    asTyped: z.string(),
    /** What the account had when the change was asked for: a change applies to that and to nothing else. */
    replaces: heldSchema().nullable(),
  }),
)

/** An address that an account has, or had. */
export type HeldAddress = z.output<ReturnType<typeof heldSchema>>

/** A change that was asked for, and the token that proves the new address. */
export interface AddressChange extends z.output<ReturnType<typeof changeSchema>> {
  readonly kind: AddressKind
  readonly token: OneTimeToken
}

/** An account whose address was written, and whether an earlier call had done so. */
export interface WrittenAddress {
  readonly user: User
  readonly isRepeated: boolean
}

/** Reads an address out of the data of a token. */
export function heldAddressOf({ data }: OneTimeToken): HeldAddress {
  return heldSchema().parse(data)
}

function held(user: User, kind: AddressKind): HeldAddress | null {
  const address = addressOn(user, kinds[kind].channel)
  if (address === null) return null
  const verifiedAt = kind === 'email' ? user.emailVerifiedAt : user.phoneVerifiedAt
  const { canonical, asTyped } = address
  return { canonical, asTyped, verifiedAt: verifiedAt?.getTime() ?? null }
}

/**
 * Stores the new address in the token that is sent to it, in place of the change before: no token ever confirms an
 * address that it was not sent to (S083). Resolves the secrets; `null` when the account has this very address, proved:
 * then nobody is sent them, and all that comes of it is that the change before is off.
 */
export async function issueChange(
  ctx: Context,
  user: User,
  kind: AddressKind,
  address: GivenIdentifier,
): Promise<IssuedOneTimeToken | null> {
  const replaces = held(user, kind)
  const { canonical, asTyped } = address
  const { purpose, channel } = kinds[kind]
  // Written in any case: to remove the change before would give whoever guesses at its code new attempts.
  const issued = await issueOneTimeToken(ctx, user, {
    purpose,
    slot: '',
    data: { asTyped, replaces },
    address: { channel, canonical, asTyped },
  })
  return replaces?.asTyped === asTyped && replaces.verifiedAt !== null ? null : issued
}

/** The change of this user that a link or a code stands for. Throws `invalid_one_time_token`, also for another user's. */
export async function findChange(
  ctx: Context,
  user: User,
  kind: AddressKind,
  proof: { readonly token?: string | undefined; readonly code?: string | undefined },
  client: Client,
): Promise<AddressChange> {
  const { purpose } = kinds[kind]
  const { token, code } = proof
  if ((token === undefined) === (code === undefined)) {
    throw inputError('', 'proof_required', 'Give either "token" or "code".')
  }
  if (code !== undefined) await limitCodes(ctx, user, client)
  const found =
    token === undefined
      ? await findByCodeOf(ctx, purpose, user, code ?? '', client)
      : await findByLink(ctx, purpose, token)
  if (found === null || found.userId !== user.id) throw new AuthError('invalid_one_time_token')
  return { kind, token: found, ...changeSchema().parse(found.data) }
}

/**
 * Gives the account its new address, by one compare-and-set: only in place of the address that the change replaces, and
 * under the credentials under which it was asked for. Of any number of calls at once one writes. Throws
 * `invalid_one_time_token`, `email_taken` and `phone_taken`.
 */
export async function applyChange(
  ctx: Context,
  user: User,
  change: AddressChange,
): Promise<WrittenAddress> {
  // The answer to the write was lost, and the owner tries again: what is left to do is done after all.
  if (isApplied(user, change)) return { user, isRepeated: true }
  const { kind, token, asTyped } = change
  const changed = await claimAddress(ctx, { kind, value: token.proves }, () =>
    changeUser(ctx, user.id, (current) => {
      if (!isApplicable(current, change)) throw new AuthError('invalid_one_time_token')
      return patchFor(kind, { canonical: token.proves, asTyped, verifiedAt: ctx.now().getTime() })
    }),
  )
  if (changed === null) throw new AuthError('invalid_one_time_token')
  return { user: changed, isRepeated: false }
}

/** Whether the change can be written, or is: nothing else has become of the account since it was asked for. */
export function isCurrent(user: User, change: AddressChange): boolean {
  return isApplicable(user, change) || isApplied(user, change)
}

function isApplicable(user: User, { kind, token, replaces }: AddressChange): boolean {
  const now = held(user, kind)
  const isReplaced =
    now?.canonical === replaces?.canonical && now?.verifiedAt === replaces?.verifiedAt
  return isOpenTo(user, token) && isReplaced
}

function isApplied(user: User, { kind, token, asTyped }: AddressChange): boolean {
  const now = held(user, kind)
  const isHeld = now?.canonical === token.proves && now.asTyped === asTyped
  return isOpenTo(user, token) && isHeld && (now.verifiedAt ?? 0) >= token.createdAt.getTime()
}

function isOpenTo({ status, credentialEpoch }: User, token: OneTimeToken): boolean {
  return status === 'active' && credentialEpoch === token.credentialEpoch
}

/** Writes an address with all that belongs to it. */
export function patchFor(kind: AddressKind, address: HeldAddress): UserPatch {
  const { canonical, asTyped } = address
  const verifiedAt = address.verifiedAt === null ? null : new Date(address.verifiedAt)
  return kind === 'email'
    ? { email: canonical, emailAsTyped: asTyped, emailVerifiedAt: verifiedAt }
    : { phone: canonical, phoneVerifiedAt: verifiedAt }
}

/**
 * Removes the token of an address that is written. Who wrote it goes on, and tells of it, whatever became of the token:
 * it may have expired since, and another request may have taken its place. Of those who found it written one goes on,
 * the others throw `invalid_one_time_token`. Whoever cannot know counts as the first: better told twice than never.
 */
export async function finishUse(
  ctx: Context,
  { linkHash, purpose }: OneTimeToken,
  { isRepeated }: WrittenAddress,
): Promise<void> {
  let isFirst = true
  try {
    isFirst = (await ctx.store.oneTimeTokens.take(linkHash, purpose, ctx.now())) !== null
  } catch (error) {
    ctx.later('removing a used token', () => Promise.reject(error))
  }
  if (isRepeated && !isFirst) throw new AuthError('invalid_one_time_token')
}
