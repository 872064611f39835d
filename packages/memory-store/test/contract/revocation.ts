import type { Session, Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { aSession, at, aUser, HOUR, idNumber } from './records.ts'

export function describeRevocation(open: OpenStore): void {
  describe('sessions.revoke', () => {
    it('ends the session with reason and time, and touches nothing else', async () => {
      const store = await open()
      const [session, other] = await sessionsOf(store, [{}, {}])
      expect(await store.sessions.revoke(session.id, 'ended_by_user', at(7))).toBe(true)
      expect(await stored(store, session.id)).toEqual({
        ...session,
        revokedAt: at(7),
        revokedReason: 'ended_by_user',
      })
      expect(await stored(store, other.id)).toEqual(other)
    })

    it('keeps the first reason and time, and says who was first', async () => {
      const store = await open()
      const [session] = await sessionsOf(store, [{}, {}])
      expect(await store.sessions.revoke(session.id, 'logout', at(7))).toBe(true)
      expect(await store.sessions.revoke(session.id, 'refresh_reuse', at(8))).toBe(false)
      await store.sessions.revokeAll(
        session.userId,
        { id: null, credentialEpoch: null },
        'password_reset',
        at(9),
      )
      expect(await stored(store, session.id)).toMatchObject({
        revokedAt: at(7),
        revokedReason: 'logout',
      })
    })

    it('says that it did not end what others have ended', async () => {
      const store = await open()
      const [session, evicted] = await sessionsOf(store, [{}, { createdAt: at(-1) }])
      await store.sessions.evictBeyond(session.userId, 1, at(7))
      expect(await store.sessions.revoke(evicted.id, 'logout', at(8))).toBe(false)
      const keep = { id: null, credentialEpoch: null }
      await store.sessions.revokeAll(session.userId, keep, 'password_reset', at(8))
      expect(await store.sessions.revoke(session.id, 'logout', at(9))).toBe(false)
    })

    it('ends a session that is past a limit too: it judges nothing', async () => {
      const store = await open()
      const [session] = await sessionsOf(store, [{}, {}])
      expect(await store.sessions.revoke(session.id, 'logout', at(99 * HOUR))).toBe(true)
    })

    it('ignores an id that is unknown', async () => {
      const store = await open()
      expect(await store.sessions.revoke(idNumber(1), 'logout', at(0))).toBe(false)
    })
  })

  describe('sessions.revokeAll', () => {
    it('S064 ends all of the user but the excepted one, and nobody else’s', async () => {
      const store = await open()
      const [first, second, kept] = await sessionsOf(store, [{}, {}, {}])
      const [foreign] = await sessionsOf(store, [{}, {}])
      const keep = { id: kept?.id ?? null, credentialEpoch: null }
      await store.sessions.revokeAll(first.userId, keep, 'ended_by_user', at(7))
      const ended = { revokedAt: at(7), revokedReason: 'ended_by_user' }
      expect(await stored(store, first.id)).toEqual({ ...first, ...ended })
      expect(await stored(store, second.id)).toEqual({ ...second, ...ended })
      expect(await stored(store, kept?.id)).toEqual(kept)
      expect(await stored(store, foreign.id)).toEqual(foreign)
    })

    it('ends all without an exception, also with one that is unknown', async () => {
      const store = await open()
      for (const except of [null, idNumber(1)]) {
        const [first, second] = await sessionsOf(store, [{}, {}])
        await store.sessions.revokeAll(
          first.userId,
          { id: except, credentialEpoch: null },
          'password_changed',
          at(7),
        )
        expect((await stored(store, first.id))?.revokedReason).toBe('password_changed')
        expect((await stored(store, second.id))?.revokedReason).toBe('password_changed')
      }
    })

    it('S080 leaves alone those opened under the credentials to keep, or later ones', async () => {
      const store = await open()
      const epochs = [1, 2, 3, 4].map((credentialEpoch) => ({ credentialEpoch }))
      const sessions = await sessionsOf(store, epochs)
      const [{ userId }] = sessions
      const keep = { id: null, credentialEpoch: 3 }
      await store.sessions.revokeAll(userId, keep, 'password_changed', at(7))
      const left = await store.sessions.listByUser(userId, at(7))
      expect(left.map(({ credentialEpoch }) => credentialEpoch).toSorted()).toEqual([3, 4])
    })

    it('S080 leaves alone the session to keep as well as those of later credentials', async () => {
      const store = await open()
      const epochs = [1, 1, 2].map((credentialEpoch) => ({ credentialEpoch }))
      const [ended, kept, later] = await sessionsOf(store, epochs)
      const keep = { id: kept.id, credentialEpoch: 2 }
      await store.sessions.revokeAll(kept.userId, keep, 'password_changed', at(7))
      expect((await stored(store, ended.id))?.revokedReason).toBe('password_changed')
      expect(await stored(store, kept.id)).toEqual(kept)
      expect(await stored(store, later?.id)).toEqual(later)
    })

    it('ends however many there are', async () => {
      const store = await open()
      const sessions = await sessionsOf(
        store,
        Array.from({ length: 2500 }, () => ({})),
      )
      const [{ userId }] = sessions
      await store.sessions.revokeAll(
        userId,
        { id: null, credentialEpoch: null },
        'password_reset',
        at(7),
      )
      expect(await store.sessions.listByUser(userId, at(7))).toEqual([])
    })

    it('has nothing to do for a user without sessions', async () => {
      const store = await open()
      const keep = { id: null, credentialEpoch: null }
      const revoke = store.sessions.revokeAll(idNumber(1), keep, 'password_reset', at(0))
      await expect(revoke).resolves.toBeUndefined()
    })
  })

  describe('sessions.evictBeyond', () => {
    it('S063 ends the oldest beyond the newest', async () => {
      const store = await open()
      const sessions = await sessionsOf(
        store,
        [5, 1, 4, 2, 3].map((age) => ({ createdAt: at(-age) })),
      )
      const [oldest, newest, nextOldest, second, third] = sessions
      expect(await store.sessions.evictBeyond(oldest.userId, 3, at(7))).toBe(2)
      const evicted = { revokedAt: at(7), revokedReason: 'evicted' }
      expect(await stored(store, oldest.id)).toEqual({ ...oldest, ...evicted })
      expect(await stored(store, nextOldest?.id)).toEqual({ ...nextOldest, ...evicted })
      const left = await store.sessions.listByUser(oldest.userId, at(7))
      expect(left).toEqual([newest, second, third])
    })

    it('goes by id among sessions of one moment', async () => {
      const store = await open()
      const ids = [2, 4, 1, 3].map(idNumber)
      const [{ userId }] = await sessionsOf(
        store,
        ids.map((id) => ({ id })),
      )
      await store.sessions.evictBeyond(userId, 2, at(7))
      const left = await store.sessions.listByUser(userId, at(7))
      expect(left.map(({ id }) => id).sort()).toEqual([idNumber(3), idNumber(4)])
    })

    it('counts live sessions only, and leaves the dead as they are', async () => {
      const store = await open()
      const [old, idle, over, ended, young] = await sessionsOf(store, [
        { createdAt: at(-5) },
        { createdAt: at(-4), idleExpiresAt: at(7) },
        { createdAt: at(-3), absoluteExpiresAt: at(7) },
        { createdAt: at(-2), revokedAt: at(1), revokedReason: 'logout' },
        { createdAt: at(-1) },
      ])
      expect(await store.sessions.evictBeyond(old.userId, 2, at(7))).toBe(0)
      for (const session of [old, idle, over, ended, young]) {
        expect(await stored(store, session?.id)).toEqual(session)
      }
      expect(await store.sessions.evictBeyond(old.userId, 1, at(7))).toBe(1)
      expect(await store.sessions.evictBeyond(idNumber(1), 1, at(7))).toBe(0)
      expect(await store.sessions.listByUser(old.userId, at(7))).toEqual([young])
    })

    it('touches nobody else’s', async () => {
      const store = await open()
      const [mine] = await sessionsOf(store, [{}, {}])
      const foreign = await sessionsOf(store, [{}, {}])
      await store.sessions.evictBeyond(mine.userId, 1, at(HOUR - 1))
      const [{ userId }] = foreign
      expect(await store.sessions.listByUser(userId, at(HOUR - 1))).toHaveLength(2)
    })
  })
}

type AtLeastTwo = [Session, Session, ...Session[]]

/** Sessions of one new user. */
async function sessionsOf(store: Store, patches: readonly Partial<Session>[]): Promise<AtLeastTwo> {
  const user = aUser()
  const sessions = patches.map((patch) => aSession(user.id, patch))
  await store.users.insert(user)
  await Promise.all(sessions.map((session) => store.sessions.insert(session)))
  const [first = aSession(user.id), second = aSession(user.id), ...others] = sessions
  return [first, second, ...others]
}

async function stored(store: Store, id: string | undefined): Promise<Session | undefined> {
  return (await store.sessions.find(id ?? ''))?.session
}
