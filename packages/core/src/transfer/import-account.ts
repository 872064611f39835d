import { type Authority, type Change, changeSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import { eraseUser } from '../deletion.ts'
import { AuthError, inputError } from '../errors.ts'
import { removeOlderTokens } from '../one-time-tokens.ts'
import { forgetFailures } from '../password-lock.ts'
import type { RevocationReason, User, UserPatch } from '../records.ts'
import { adminRole, isAllowed, rankOf } from '../roles.ts'
import { endOlderSessions } from '../sessions.ts'
import { changesOf, fieldsOf } from './account-changes.ts'
import { findExisting, makesWay, namesIn } from './existing-account.ts'
import type { ImportedAccount } from './import-row.ts'
import { addAccount } from './new-account.ts'

/** What became of a row. */
export type ImportOutcome = 'created' | 'updated' | 'skipped'

/** How accounts are imported, and by whom. */
export interface ImportRules {
  readonly authority: Authority
  readonly dryRun: boolean
  readonly ifExists: 'skip' | 'update' | 'refuse'
  readonly updatePasswords: boolean
}

/**
 * Brings the account of a row into the store, or into line. Doing it twice changes nothing the second time. Throws
 * `invalid_input` for a row that cannot be, and for one that is above the actor.
 */
export async function importAccount(
  ctx: Context,
  account: ImportedAccount,
  rules: ImportRules,
): Promise<ImportOutcome> {
  const existing = await findExisting(ctx, account)
  if (existing === null || makesWay(ctx, existing, account)) {
    return create(ctx, account, existing, rules)
  }
  if (rules.ifExists === 'skip') return 'skipped'
  if (rules.ifExists === 'refuse') throw alreadyThere(account)
  return update(ctx, account, existing, rules)
}

async function create(
  ctx: Context,
  account: ImportedAccount,
  inTheWay: User | null,
  { authority, dryRun }: ImportRules,
): Promise<ImportOutcome> {
  const { roles = ctx.settings.defaultRoles } = account
  checkGivenRoles(ctx, authority, ctx.settings.defaultRoles, roles)
  if (inTheWay !== null) checkStanding(ctx, authority, inTheWay)
  if (dryRun) return 'created'
  if (inTheWay !== null) {
    await eraseUser(ctx, inTheWay.id, {
      ...authority.trace,
      reason: 'made_way',
      check: checkWaiting,
    })
  }
  await addAccount(ctx, account)
  return 'created'

  function checkWaiting(current: User): void {
    if (!makesWay(ctx, current, account)) throw alreadyThere(account)
    checkStanding(ctx, authority, current)
  }
}

async function update(
  ctx: Context,
  account: ImportedAccount,
  existing: User,
  rules: ImportRules,
): Promise<ImportOutcome> {
  const { authority, dryRun, updatePasswords } = rules
  checkStanding(ctx, authority, existing)
  const patch = await changesOf(ctx, existing, account, updatePasswords)
  if (Object.keys(patch).length === 0) return 'skipped'
  checkGivenRoles(ctx, authority, existing.roles, patch.roles ?? existing.roles)
  if (dryRun) return checkRemaining(ctx, existing, patch)
  let written = patch
  const change = await changeSubordinate(ctx, authority, existing.id, async (user) => {
    if (user.version === existing.version) return written
    written = await changesOf(ctx, user, account, updatePasswords)
    checkGivenRoles(ctx, authority, user.roles, written.roles ?? user.roles)
    return written
  })
  tell(ctx, authority, change, written)
  return 'updated'
}

function alreadyThere({ identifiers }: ImportedAccount): AuthError {
  const errors = namesIn(identifiers).map(({ kind }) => ({
    pointer: `/${kind}`,
    code: 'taken' as const,
    detail: 'There is an account with this already.',
  }))
  return new AuthError('invalid_input', { errors })
}

/** Nobody imports a role above their own, and who may give none, none but those that everybody gets (S090). */
function checkGivenRoles(
  { settings }: Context,
  { own, rank }: Authority,
  before: readonly string[],
  after: readonly string[],
): void {
  const given = after.filter((role) => !before.includes(role))
  const taken = before.filter((role) => !after.includes(role))
  if (given.length + taken.length === 0) return
  const mayGive = own === null || isAllowed(settings, own.user.roles, 'users:roles')
  if (mayGive && rankOf(settings, given) <= rank) return
  throw inputError('/roles', 'not_allowed', 'You may not give or take these roles.')
}

/** Nobody imports over the head of somebody above them (S090). */
function checkStanding({ settings }: Context, { rank }: Authority, user: User): void {
  if (rankOf(settings, user.roles) <= rank) return
  throw inputError('', 'not_allowed', 'The account has a role above yours.')
}

/** What the write itself would refuse. */
async function checkRemaining(
  { settings, store }: Context,
  user: User,
  patch: UserPatch,
): Promise<ImportOutcome> {
  const role = adminRole(settings)
  const administers = ({ status, roles }: User) => status === 'active' && roles.includes(role)
  const leaves = administers(user) && !administers({ ...user, ...patch })
  const remaining = leaves ? await store.users.countAdmins({ role, except: user.id }) : 1
  if (remaining === 0) throw new AuthError('last_administrator')
  return 'updated'
}

function tell(
  ctx: Context,
  { trace }: Authority,
  { before, after }: Change,
  patch: UserPatch,
): void {
  const userId = after.id
  const closed = after.status === 'disabled'
  if (after.credentialEpoch !== before.credentialEpoch) {
    endOlderSessions(ctx, after, reasonFor(patch))
    // Also the link that undoes an earlier change of the address, which no other change makes void.
    if (patch.email !== undefined || patch.phone !== undefined) removeOlderTokens(ctx, after)
  }
  if (patch.passwordHash !== undefined) {
    ctx.later('clearing failed logins', () => forgetFailures(ctx, after))
  }
  ctx.emit({ type: 'user.updated', userId, fields: fieldsOf(patch), ...trace })
  if (patch.roles !== undefined) {
    const added = after.roles.filter((role) => !before.roles.includes(role))
    const removed = before.roles.filter((role) => !after.roles.includes(role))
    ctx.emit({ type: 'user.roles_changed', userId, added, removed, ...trace })
  }
  if (patch.status !== undefined) {
    ctx.emit({ type: closed ? 'user.disabled' : 'user.enabled', userId, ...trace })
  }
}

function reasonFor({ status, passwordHash }: UserPatch): RevocationReason {
  if (status === 'disabled') return 'disabled'
  return passwordHash === undefined ? 'ended_by_administrator' : 'password_changed'
}
