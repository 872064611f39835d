import type { Store, User, UserPosition, UserQuery } from '@latchkey/core'
import { usersWhere } from '../../../packages/core/src/testing/queries.ts'
import type { Faults } from './broken-store.ts'
import { KINDS } from './identifiers.ts'

type Value = UserPosition['value']
type Place = UserPosition & { readonly user: User }

/** What a store has to know to list users. */
export interface ListRules {
  readonly hasPrefix: (user: User, prefix: string) => boolean
  readonly hasStatus: (user: User, status: string) => boolean
  readonly hasRole: (user: User, role: string) => boolean
  readonly isFrom: (user: User, createdFrom: Date) => boolean
  readonly isBefore: (user: User, createdBefore: Date) => boolean
  /** By what they are sorted; `null` leaves them out. */
  readonly sortedBy: (user: User, sort: UserQuery['sort']) => Value | null
  /** In ascending order. */
  readonly compare: (a: Value, b: Value) => number
  readonly compareIds: (a: string, b: string, order: UserQuery['order']) => number
  readonly isBeyond: (a: UserPosition, place: UserPosition, inOrder: Comparison) => boolean
}

type Comparison = (a: UserPosition, b: UserPosition) => number

const SOUND: ListRules = {
  hasPrefix: (user, prefix) => KINDS.some((kind) => user[kind]?.startsWith(prefix)),
  hasStatus: (user, status) => user.status === status,
  hasRole: ({ roles }, role) => roles.includes(role),
  isFrom: ({ createdAt }, from) => createdAt >= from,
  isBefore: ({ createdAt }, before) => createdAt < before,
  sortedBy: (user, sort) => user[sort],
  compare,
  compareIds: (a, b, order) => (order === 'ascending' ? 1 : -1) * compare(a, b),
  isBeyond: (a, place, inOrder) => inOrder(a, place) > 0,
}

/** Lists users by the rules of a sound store, but for these. */
export function listingBy(faulty: Partial<ListRules>): (sound: Store) => Faults {
  const rules = { ...SOUND, ...faulty }
  return relisting((all, query) => {
    const { after, limit, order } = query
    const direction = order === 'ascending' ? 1 : -1
    const inOrder: Comparison = (a, b) =>
      direction * rules.compare(a.value, b.value) || rules.compareIds(a.id, b.id, order)
    return all
      .filter((user) => meets(user, query, rules))
      .flatMap((user): Place | never[] => {
        const value = rules.sortedBy(user, query.sort)
        return value === null ? [] : { value, id: user.id, user }
      })
      .filter((place) => after === null || rules.isBeyond(place, after, inOrder))
      .sort(inOrder)
      .slice(0, limit)
      .map(({ user }) => user)
  })
}

/** Lists users in a way of its own, from among all who are no tombstones. */
export function relisting(
  list: (all: readonly User[], query: UserQuery) => readonly User[],
): (sound: Store) => Faults {
  return ({ users }) => ({
    users: {
      list: async (query) => list(await users.list(usersWhere({ limit: 100_000 })), query),
    },
  })
}

/** Lists what a sound store lists for another query. */
export function asking(other: (query: UserQuery) => UserQuery): (sound: Store) => Faults {
  return ({ users }) => ({ users: { list: (query) => users.list(other(query)) } })
}

export function compare(a: Value, b: Value): number {
  if (a instanceof Date || b instanceof Date) return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function meets(user: User, query: UserQuery, rules: ListRules): boolean {
  const { prefix, status, role, createdFrom, createdBefore } = query
  return (
    (prefix === null || rules.hasPrefix(user, prefix)) &&
    (status === null || rules.hasStatus(user, status)) &&
    (role === null || rules.hasRole(user, role)) &&
    (createdFrom === null || rules.isFrom(user, createdFrom)) &&
    (createdBefore === null || rules.isBefore(user, createdBefore))
  )
}
