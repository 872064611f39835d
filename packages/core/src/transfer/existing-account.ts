import type { Context } from '../context.ts'
import { AuthError, type InputError } from '../errors.ts'
import type { Identifier, IdentifierKind, User } from '../records.ts'
import { isDueForDeletion } from '../users.ts'
import type { ImportedAccount } from './import-row.ts'

/** Who is in the store already under what a row names. */
interface Holders {
  readonly byId: User | null
  readonly byIdentifier: readonly Holder[]
}

interface Holder {
  readonly kind: IdentifierKind
  readonly user: User
}

/**
 * The account that the row is about, if there is one already: by its id, or else by its identifiers. Throws
 * `invalid_input` when it is about several at once, or about one under another id.
 */
export async function findExisting(ctx: Context, account: ImportedAccount): Promise<User | null> {
  const { byId, byIdentifier } = await findHolders(ctx, account)
  const user = byId ?? chosen(account, byIdentifier)
  const errors = [
    ...(isTaken(ctx, account, byId, user) ? [taken('/id')] : []),
    ...byIdentifier.filter((one) => one.user.id !== user?.id).map(({ kind }) => taken(`/${kind}`)),
  ]
  if (errors.length > 0) throw new AuthError('invalid_input', { errors })
  return user
}

function chosen(account: ImportedAccount, holders: readonly Holder[]): User | null {
  const holder = holders.find(({ kind, user }) => kind !== 'username' || isNamesake(account, user))
  return holder?.user ?? null
}

/**
 * A name alone does not make two accounts one: whoever has it may be somebody else, whom an update must not give another
 * address. And a name that waits for its activation may be kept for whoever registered first.
 */
function isNamesake({ identifiers }: ImportedAccount, user: User): boolean {
  return addressKinds.every((kind) => {
    const address = identifiers[kind]?.canonical ?? user[kind]
    return address === user[kind] || (user[kind] === null && user.status !== 'pending')
  })
}

async function findHolders(
  { store }: Context,
  { id, identifiers }: ImportedAccount,
): Promise<Holders> {
  const [byId, ...holders] = await Promise.all([
    id === undefined ? null : store.users.find(id),
    ...namesIn(identifiers).map(async (name) => ({
      kind: name.kind,
      user: await store.users.findByIdentifier(name),
    })),
  ])
  return {
    byId,
    byIdentifier: holders.flatMap(({ kind, user }) => (user === null ? [] : [{ kind, user }])),
  }
}

const kinds = ['email', 'phone', 'username'] as const

/** The identifiers of a row, addresses first. */
export function namesIn(identifiers: ImportedAccount['identifiers']): readonly Identifier[] {
  return kinds.flatMap((kind) => {
    const given = identifiers[kind]
    return given === null ? [] : [{ kind, value: given.canonical }]
  })
}

/** By somebody who was deleted, or the account is there under another id. */
function isTaken(
  ctx: Context,
  account: ImportedAccount,
  byId: User | null,
  user: User | null,
): boolean {
  const isOther = account.id !== undefined && user !== null && user.id !== account.id
  return byId?.status === 'deleted' || (isOther && !makesWay(ctx, user, account))
}

/** Who waits for an activation makes way for the account, as for one that proves the address; so does who is about to go. */
export function makesWay(
  ctx: Context,
  user: User,
  { id, identifiers, status }: ImportedAccount,
): boolean {
  const isAddressee = addressKinds.some((kind) => identifiers[kind]?.canonical === user[kind])
  const isWaiting = user.status === 'pending' && status !== 'pending' && isAddressee
  return user.id !== id && (isWaiting || isDueForDeletion(user, ctx.now()))
}

const addressKinds = ['email', 'phone'] as const

function taken(pointer: string): InputError {
  return { pointer, code: 'taken', detail: 'This belongs to another account.' }
}
