import type { IdentifierKind, User, UserPosition, UserQuery } from '@latchkey/core'

const KINDS: readonly IdentifierKind[] = ['email', 'username', 'phone']

/** The first of the users that meet every condition, in the order of the query. Looks at each of them. */
export function listUsers(users: Iterable<User>, query: UserQuery): User[] {
  const { after, limit } = query
  const direction = query.order === 'ascending' ? 1 : -1
  const inOrder = (a: UserPosition, b: UserPosition) =>
    direction * (compare(a.value, b.value) || compare(a.id, b.id))
  return Array.from(users)
    .filter((user) => meets(user, query))
    .flatMap((user) => placeOf(user, query) ?? [])
    .filter((place) => after === null || inOrder(place, after) > 0)
    .sort(inOrder)
    .slice(0, limit)
    .map(({ user }) => user)
}

function meets(user: User, query: UserQuery): boolean {
  const { prefix, status, role, createdFrom, createdBefore } = query
  return (
    user.status !== 'deleted' &&
    (status === null || user.status === status) &&
    (role === null || user.roles.includes(role)) &&
    (createdFrom === null || user.createdAt >= createdFrom) &&
    (createdBefore === null || user.createdAt < createdBefore) &&
    (prefix === null || KINDS.some((kind) => user[kind]?.startsWith(prefix)))
  )
}

/** Where the user stands in the order; `null` for nowhere. */
function placeOf(user: User, { sort }: UserQuery): (UserPosition & { readonly user: User }) | null {
  const value = user[sort]
  return value === null ? null : { value, id: user.id, user }
}

/** Text as its bytes in UTF-8: `<` would compare the halves of surrogate pairs. */
function compare(a: Date | string, b: Date | string): number {
  if (a instanceof Date || b instanceof Date) return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
