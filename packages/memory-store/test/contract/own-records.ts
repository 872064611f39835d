import type { Session, Sighting, Store, User } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { anEvent, aRotation, aSession, aToken, at, aUser, HOUR } from './records.ts'

const EMAIL = { kind: 'email', value: 'ada@example.com' } as const
const SEEN: Sighting = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(-HOUR) }
const PAGE = { limit: 10, cursor: null, userId: null }

interface Stand {
  readonly store: Store
  readonly user: User
  readonly session: Session
  readonly linkHash: string
}

const reads: readonly [string, (stand: Stand) => Promise<unknown>][] = [
  ['users.find', ({ store, user }) => store.users.find(user.id)],
  ['users.findByIdentifier', ({ store }) => store.users.findByIdentifier(EMAIL)],
  ['sessions.find', ({ store, session }) => store.sessions.find(session.id)],
  ['sessions.listByUser', ({ store, user }) => store.sessions.listByUser(user.id, at(0))],
  ['sessions.confirm', ({ store, session }) => store.sessions.confirm(session.id, 1, SEEN)],
  [
    'oneTimeTokens.find',
    ({ store, linkHash }) => store.oneTimeTokens.find(linkHash, 'activate', at(0)),
  ],
  [
    'oneTimeTokens.list',
    ({ store, user }) => store.oneTimeTokens.list(user.id, 'activate', at(0), 10),
  ],
  ['events.list', ({ store }) => store.events.list(PAGE)],
]

export function describeOwnRecords(open: OpenStore): void {
  describe('records that come back', () => {
    it.each(reads)('%s: changing one changes nothing in the store', async (_, read) => {
      const stand = await furnish(await open())
      const before = structuredClone(await read(stand))
      spoil(await read(stand))
      expect(await read(stand)).toEqual(before)
    })

    it('users.update: changing what it answers changes nothing in the store', async () => {
      const { store, user } = await furnish(await open())
      const patch = { profile: { list: [1] }, roles: ['staff'] }
      const updated = await store.users.update(user.id, 1, patch)
      const before = structuredClone(updated)
      spoil(updated)
      spoil(patch)
      expect(await store.users.find(user.id)).toEqual(before)
    })

    it('users.countFailedLogin: changing what it answers changes nothing', async () => {
      const { store, user } = await furnish(await open())
      spoil(await store.users.countFailedLogin(EMAIL))
      expect(await store.users.find(user.id)).toEqual({ ...user, failedLogins: 1 })
    })

    it('oneTimeTokens.tryCode: changing what it answers changes nothing', async () => {
      const { store, user, linkHash } = await furnish(await open())
      const tried = await store.oneTimeTokens.tryCode(user.id, 'activate', at(0))
      const before = structuredClone(tried)
      spoil(tried)
      expect(await store.oneTimeTokens.find(linkHash, 'activate', at(0))).toEqual(before)
    })

    it('revokedSince: changing what it answers changes nothing', async () => {
      const { store, user, session } = await furnish(await open())
      const { cursor } = await store.revokedSince(null)
      await store.sessions.revoke(session.id, 'logout', at(0))
      await store.users.update(user.id, 1, { credentialEpoch: 1 })
      const { sessions, users } = structuredClone(await store.revokedSince(cursor))
      spoil(await store.revokedSince(cursor))
      expect(await store.revokedSince(cursor)).toMatchObject({ sessions, users })
    })
  })

  describe('records that go in', () => {
    it('are copied: changing one later changes nothing in the store', async () => {
      const store = await open()
      const user = aUser({ profile: { list: [1] } })
      const session = aSession(user.id)
      const token = aToken(user.id, { data: { list: [1] } })
      const event = anEvent({ data: { list: [1] } })
      const rotation = aRotation()
      const before = structuredClone({ user, session, token, event, rotation })
      await store.users.insert(user)
      await store.sessions.insert(session)
      await store.oneTimeTokens.put(token)
      await store.events.append([event])
      await store.sessions.rotate(session.id, { generation: 1, unconfirmed: false }, rotation)
      for (const record of [user, session, token, event, rotation]) spoil(record)
      expect(await store.sessions.find(before.session.id)).toEqual({
        session: { ...before.session, ...before.rotation },
        user: before.user,
      })
      const found = await store.oneTimeTokens.find(before.token.linkHash, 'activate', at(0))
      expect(found).toEqual(before.token)
      expect((await store.events.list(PAGE)).events).toEqual([before.event])
    })
  })
}

async function furnish(store: Store): Promise<Stand> {
  const user = aUser({ email: EMAIL.value, profile: { list: [1, { deep: true }] } })
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
