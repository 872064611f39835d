import type { Session, User } from '../../records.ts'
import type { Sighting, Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { eventsWhere, usersWhere } from '../queries.ts'
import { anEvent, aRotation, aSession, aToken, at, aUser, HOUR } from './records.ts'
import { rule, section } from './rule.ts'
import { sessionNow, storedSession, tokenNow } from './stored-records.ts'

const EMAIL = { kind: 'email', value: 'ada@example.com' } as const
const SEEN: Sighting = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(-HOUR) }

interface Furniture {
  readonly store: Store
  readonly user: User
  readonly session: Session
  readonly linkHash: string
}

const READS: Readonly<Record<string, (furniture: Furniture) => Promise<unknown>>> = {
  'users.find': ({ store, user }) => store.users.find(user.id),
  'users.findByIdentifier': ({ store }) => store.users.findByIdentifier(EMAIL),
  'users.list': ({ store }) => store.users.list(usersWhere({})),
  'users.listDueForDeletion': ({ store }) => store.users.listDueForDeletion(at(0), 10),
  'sessions.find': ({ store, session }) => store.sessions.find(session.id),
  'sessions.listByUser': ({ store, user }) => store.sessions.listByUser(user.id, at(0)),
  'sessions.confirm': ({ store, session }) => store.sessions.confirm(session.id, 1, SEEN),
  'oneTimeTokens.find': ({ store, linkHash }) =>
    store.oneTimeTokens.find(linkHash, 'activate', at(0)),
  'oneTimeTokens.list': ({ store, user }) =>
    store.oneTimeTokens.list(user.id, 'activate', at(0), 10),
  'events.list': ({ store }) => store.events.list(eventsWhere({})),
}

const comingBack = section('records that come back', [
  ...Object.entries(READS).map(([verb, read]) =>
    rule(`${verb}: changing one changes nothing in the store`, async (store) => {
      const furniture = await furnish(store)
      const before = structuredClone(await read(furniture))
      spoil(await read(furniture))
      expectEqual(await read(furniture), before)
    }),
  ),

  rule('users.update: changing what it answers changes nothing in the store', async (store) => {
    const { user } = await furnish(store)
    const updated = await store.users.update(user.id, 1, { profile: { list: [1] } })
    const before = structuredClone(updated)
    spoil(updated)
    expectEqual(await store.users.find(user.id), before)
  }),

  rule('users.countFailedLogin: changing what it answers changes nothing', async (store) => {
    const { user } = await furnish(store)
    spoil(await store.users.countFailedLogin(EMAIL))
    expectEqual(await store.users.find(user.id), { ...user, failedLogins: 1 })
  }),

  rule('oneTimeTokens.tryCode: changing what it answers changes nothing', async (store) => {
    const { user, linkHash } = await furnish(store)
    const tried = await store.oneTimeTokens.tryCode(user.id, 'activate', at(0))
    const before = structuredClone(tried)
    spoil(tried)
    expectEqual(await store.oneTimeTokens.find(linkHash, 'activate', at(0)), before)
  }),

  rule('revokedSince: changing what it answers changes nothing', async (store) => {
    const { user, session } = await furnish(store)
    const { cursor } = await store.revokedSince(null)
    await store.sessions.revoke(session.id, 'logout', at(0))
    await store.users.update(user.id, 1, { credentialEpoch: 1 })
    const { sessions, users } = structuredClone(await store.revokedSince(cursor))
    spoil(await store.revokedSince(cursor))
    const again = await store.revokedSince(cursor)
    expectEqual({ sessions: again.sessions, users: again.users }, { sessions, users })
  }),
])

const goingIn = section('records that go in are copied: changing one later changes nothing', [
  rule('users.insert', async (store) => {
    const user = aUser({ profile: { list: [1] } })
    const before = structuredClone(user)
    await store.users.insert(user)
    spoil(user)
    expectEqual(await store.users.find(before.id), before)
  }),

  rule('users.update', async (store) => {
    const { user } = await furnish(store)
    const patch = { profile: { list: [1] }, roles: ['staff'], updatedAt: at(1) }
    const after = structuredClone({ ...user, ...patch, version: 2 })
    await store.users.update(user.id, 1, patch)
    spoil(patch)
    expectEqual(await store.users.find(user.id), after)
  }),

  rule('sessions.insert', async (store) => {
    const { user } = await storedSession(store)
    const session = aSession(user.id, { recent: [{ generation: 0, at: 0 }] })
    const before = structuredClone(session)
    await store.sessions.insert(session)
    spoil(session)
    expectEqual(await sessionNow(store, before), before)
  }),

  rule('sessions.rotate', async (store) => {
    const { session } = await storedSession(store)
    const patch = aRotation()
    const after = structuredClone({ ...session, ...patch })
    await store.sessions.rotate(session.id, { generation: 1, unconfirmed: false }, patch)
    spoil(patch)
    expectEqual(await sessionNow(store, session), after)
  }),

  rule('sessions.confirm', async (store) => {
    const { session } = await storedSession(store)
    const seen = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(1) }
    await store.sessions.confirm(session.id, 1, seen)
    spoil(seen)
    const after = { confirmedGeneration: 1, lastSeenAt: at(1), idleExpiresAt: at(HOUR) }
    expectEqual(await sessionNow(store, session), { ...session, ...after })
  }),

  rule('sessions.revoke', async (store) => {
    const { session } = await storedSession(store)
    const time = at(7)
    await store.sessions.revoke(session.id, 'logout', time)
    spoil(time)
    const ended = { revokedAt: at(7), revokedReason: 'logout' }
    expectEqual(await sessionNow(store, session), { ...session, ...ended })
  }),

  rule('oneTimeTokens.put', async (store) => {
    const token = aToken(aUser().id, { data: { list: [1] } })
    const before = structuredClone(token)
    await store.oneTimeTokens.put(token)
    spoil(token)
    expectEqual(await tokenNow(store, before), before)
  }),

  rule('events.append', async (store) => {
    const event = anEvent({ data: { list: [1] } })
    const before = structuredClone(event)
    await store.events.append([event])
    spoil(event)
    expectEqual(await store.events.list(eventsWhere({})), [before])
  }),
])

export const ownRecordSections = [comingBack, goingIn]

async function furnish(store: Store): Promise<Furniture> {
  const profile = { list: [1, { deep: true }] }
  const user = aUser({ email: EMAIL.value, deleteAfter: at(0), profile })
  const recent = [{ generation: 1, at: 0 }]
  const session = aSession(user.id, { recent, confirmedGeneration: 1 })
  const token = aToken(user.id, { data: { list: [1] } })
  await store.users.insert(user)
  await store.sessions.insert(session)
  await store.oneTimeTokens.put(token)
  await store.events.append([anEvent({ data: { list: [1] } })])
  return { store, user, session, linkHash: token.linkHash }
}

/** Changes everything in a record that can be changed; a frozen one stays as it is. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Date) value.setTime(0)
  for (const key of Object.keys(value)) {
    spoil(Reflect.get(value, key))
    Reflect.set(value, key, 'spoiled')
  }
  Reflect.set(value, Array.isArray(value) ? 'length' : 'added', 0)
}
