import type { Session, Store, User, UserPatch } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { MANY, race } from './race.ts'
import { aRotation, aSession, at, aUser, HOUR } from './records.ts'

const ENDINGS: readonly [string, (store: Store, session: Session) => Promise<unknown>][] = [
  ['revoke', ({ sessions }, { id }) => sessions.revoke(id, 'logout', at(-HOUR))],
  [
    'revokeAll',
    ({ sessions }, { userId }) =>
      sessions.revokeAll(userId, { id: null, credentialEpoch: null }, 'password_reset', at(HOUR)),
  ],
  ['evictBeyond', ({ sessions }, { userId }) => sessions.evictBeyond(userId, 0, at(1))],
]

const MOVES: readonly UserPatch[] = [
  { status: 'disabled' },
  { status: 'deleted', username: null },
  { credentialEpoch: 1 },
  { claimsVersion: 1 },
]

export function describeRevokedSince(open: OpenStore): void {
  describe('revokedSince', () => {
    it.each(ENDINGS)('tells the sessions that %s ended', async (_, end) => {
      const store = await open()
      const { session } = await stand(store)
      const { cursor } = await store.revokedSince(null)
      await end(store, session)
      expect((await store.revokedSince(cursor)).sessions).toContain(session.id)
    })

    it.each(MOVES)('tells the user whom %j moved, with their counters', async (patch) => {
      const store = await open()
      const { user } = await stand(store, { credentialEpoch: 0, claimsVersion: 0 })
      const { cursor } = await store.revokedSince(null)
      await store.users.update(user.id, 1, patch)
      const { id, credentialEpoch, claimsVersion } = { ...user, ...patch }
      const { users } = await store.revokedSince(cursor)
      expect(users).toContainEqual({ id, credentialEpoch, claimsVersion })
    })

    it('tells the last counters of a user who moved more than once', async () => {
      const store = await open()
      const { user } = await stand(store)
      const { cursor } = await store.revokedSince(null)
      for (const epoch of [1, 2, 3]) {
        await store.users.update(user.id, epoch, { credentialEpoch: epoch, claimsVersion: epoch })
      }
      const { users } = await store.revokedSince(cursor)
      expect(users).toContainEqual({ id: user.id, credentialEpoch: 3, claimsVersion: 3 })
    })

    it('starts anew with a cursor and what is recent', async () => {
      const store = await open()
      const { session, user } = await stand(store)
      await store.sessions.revoke(session.id, 'logout', at(0))
      await store.users.update(user.id, 1, { credentialEpoch: 1 })
      const { sessions, users, cursor } = await store.revokedSince(null)
      expect(sessions).toContain(session.id)
      expect(users.map(({ id }) => id)).toContain(user.id)
      expect(cursor).toEqual(expect.any(String))
    })

    it('does not move a cursor by being asked: another node with it hears the same', async () => {
      const store = await open()
      const { session } = await stand(store)
      const { cursor } = await store.revokedSince(null)
      await store.sessions.revoke(session.id, 'logout', at(0))
      const [one, other] = [await store.revokedSince(cursor), await store.revokedSince(cursor)]
      expect(one.sessions).toContain(session.id)
      expect(other.sessions).toContain(session.id)
    })

    it('takes no time from a caller', async () => {
      const store = await open()
      const stands = await Promise.all([stand(store), stand(store), stand(store)])
      const { cursor } = await store.revokedSince(null)
      const times = [new Date(0), at(0), new Date('2999-01-01T00:00:00Z')]
      for (const [index, { session, user }] of stands.entries()) {
        const time = times[index] ?? at(0)
        await store.sessions.revoke(session.id, 'logout', time)
        await store.users.update(user.id, 1, { credentialEpoch: 1, updatedAt: time })
      }
      const { sessions, users } = await store.revokedSince(cursor)
      expect(sessions).toEqual(expect.arrayContaining(stands.map(({ session }) => session.id)))
      expect(users.map(({ id }) => id)).toEqual(
        expect.arrayContaining(stands.map(({ user }) => user.id)),
      )
    })

    it('says nothing of what revokes nothing', async () => {
      const store = await open()
      const { session, user } = await stand(store, { username: 'ada' })
      await store.users.update(user.id, 1, { passwordHash: 'rehashed', profile: { a: 1 } })
      await store.users.countFailedLogin({ kind: 'username', value: 'ada' })
      await store.users.clearFailedLogins(user.id)
      const seen = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(0) }
      await store.sessions.confirm(session.id, 1, seen)
      const expected = { generation: 1, unconfirmed: false }
      await store.sessions.rotate(session.id, expected, aRotation())
      const { sessions, users } = await store.revokedSince(null)
      expect({ sessions, users }).toEqual({ sessions: [], users: [] })
    })

    it(`leaves none out of ${MANY} that end while it is asked`, async () => {
      const store = await open()
      const stands = await Promise.all(Array.from({ length: MANY }, () => stand(store)))
      const heard = new Set<string>()
      let { cursor } = await store.revokedSince(null)
      const poll = async () => {
        const news = await store.revokedSince(cursor)
        cursor = news.cursor
        for (const id of news.sessions) heard.add(id)
      }
      const ending = race((index) =>
        store.sessions.revoke(stands[index]?.session.id ?? '', 'logout', at(0)),
      )
      for (let polls = 0; polls < 20; polls += 1) await poll()
      await ending
      await poll()
      expect([...heard].sort()).toEqual(stands.map(({ session }) => session.id).sort())
    })
  })
}

async function stand(
  store: Store,
  patch: Partial<User> = {},
): Promise<{ session: Session; user: User }> {
  const user = aUser(patch)
  const session = aSession(user.id)
  await store.users.insert(user)
  await store.sessions.insert(session)
  return { session, user }
}
