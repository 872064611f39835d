import type { OneTimeToken, Session, User } from '../../records.ts'
import type { Store } from '../../store.ts'
import { aSession, at, aUser } from './records.ts'

/** A record for each patch, so that what comes back can be taken apart like the patches. */
type ForEach<Patches extends readonly unknown[], T> = { [Index in keyof Patches]: T }

/** Adds a user. */
export async function storedUser(store: Store, patch: Partial<User> = {}): Promise<User> {
  const user = aUser(patch)
  await store.users.insert(user)
  return user
}

/** Adds users, one after the other. */
export async function storedUsers<const Patches extends readonly Partial<User>[]>(
  store: Store,
  patches: Patches,
): Promise<ForEach<Patches, User>> {
  const users = patches.map((patch) => aUser(patch))
  await insertAll(users, (user) => store.users.insert(user))
  return users as ForEach<Patches, User>
}

/** Adds a session and its user. */
export async function storedSession(
  store: Store,
  patch: Partial<Session> = {},
): Promise<{ session: Session; user: User }> {
  const user = await storedUser(store)
  const session = aSession(user.id, patch)
  await store.sessions.insert(session)
  return { session, user }
}

/** Adds sessions of one new user. */
export async function storedSessions<const Patches extends readonly Partial<Session>[]>(
  store: Store,
  patches: Patches,
): Promise<ForEach<Patches, Session>> {
  const { id } = await storedUser(store)
  const sessions = patches.map((patch) => aSession(id, patch))
  await insertAll(sessions, (session) => store.sessions.insert(session))
  return sessions as ForEach<Patches, Session>
}

/** As it is in the store now. */
export async function sessionNow(store: Store, { id }: Session): Promise<Session | undefined> {
  return (await store.sessions.find(id))?.session
}

/** As it is in the store now, at the moment at which the records of the suite are made. */
export function tokenNow(store: Store, token: OneTimeToken): Promise<OneTimeToken | null> {
  return store.oneTimeTokens.find(token.linkHash, token.purpose, at(0))
}

/** As many at once as any pool of connections has, so that a thousand take no longer than they must. */
const AT_ONCE = 50

export async function insertAll<T>(
  records: readonly T[],
  insert: (record: T) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < records.length; start += AT_ONCE) {
    await Promise.all(records.slice(start, start + AT_ONCE).map(insert))
  }
}
