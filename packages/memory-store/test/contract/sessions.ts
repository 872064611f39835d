import type { Session, Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { aSession, at, aUser, HOUR, idNumber } from './records.ts'

export function describeSessions(open: OpenStore): void {
  describe('sessions.insert and sessions.find', () => {
    it('gives back every member as it was, with the user', async () => {
      const store = await open()
      const user = aUser({ username: 'ada' })
      const session = aSession(user.id, {
        salt: 'abcdefghijklmnopqrstuv',
        generation: 5,
        parentGeneration: 4,
        recent: [
          { generation: 3, at: at(1).getTime() },
          { generation: 4, at: at(2).getTime() },
        ],
        confirmedGeneration: 4,
        burntBelow: 2,
        credentialEpoch: 3,
        authTime: at(-1),
        amr: ['pwd', 'otp'],
        actorId: idNumber(7),
        device: { name: 'Ådas "phone" 💡', userAgent: "it's \\ a %s", ip: '2001:db8::1' },
        createdAt: at(1),
        lastSeenAt: at(2),
        idleExpiresAt: at(3),
        absoluteExpiresAt: at(4),
        revokedAt: at(5),
        revokedReason: 'evicted',
      })
      const bare = aSession(user.id)
      await store.users.insert(user)
      await store.sessions.insert(session)
      await store.sessions.insert(bare)
      expect(await store.sessions.find(session.id)).toEqual({ session, user })
      expect(await store.sessions.find(bare.id)).toEqual({ session: bare, user })
    })

    it.each(['pending', 'disabled', 'deleted'] as const)(
      'finds the session of a user who is %s',
      async (status) => {
        const store = await open()
        const user = aUser({ status })
        const session = aSession(user.id)
        await store.users.insert(user)
        await store.sessions.insert(session)
        expect(await store.sessions.find(session.id)).toEqual({ session, user })
      },
    )

    it('gives the user as they are now', async () => {
      const store = await open()
      const user = aUser()
      const session = aSession(user.id)
      await store.users.insert(user)
      await store.sessions.insert(session)
      const updated = await store.users.update(user.id, 1, { credentialEpoch: 1 })
      expect((await store.sessions.find(session.id))?.user).toEqual(updated)
    })

    it('answers null when the session is unknown', async () => {
      const store = await open()
      await store.users.insert(aUser())
      expect(await store.sessions.find(idNumber(1))).toBeNull()
    })

    it('answers null when the user is gone', async () => {
      const store = await open()
      const user = aUser({ status: 'pending', createdAt: at(0) })
      const session = aSession(user.id)
      await store.users.insert(user)
      await store.sessions.insert(session)
      await store.prune({ now: at(1), endedBefore: at(0), pendingBefore: at(1) })
      expect(await store.users.find(user.id)).toBeNull()
      expect(await store.sessions.find(session.id)).toBeNull()
    })
  })

  describe('sessions.listByUser', () => {
    it("gives the user's own, newest first", async () => {
      const store = await open()
      const user = aUser()
      const ages = [3, 1, 4, 2]
      const sessions = ages.map((age) => aSession(user.id, { createdAt: at(-age) }))
      await insertAll(store, sessions)
      await store.sessions.insert(aSession(aUser().id))
      const listed = await store.sessions.listByUser(user.id, at(0))
      const sorted = [...sessions].sort((a, b) => +b.createdAt - +a.createdAt)
      expect(listed).toEqual(sorted)
      expect(await store.sessions.listByUser(idNumber(1), at(0))).toEqual([])
    })

    it('leaves out what was revoked', async () => {
      const store = await open()
      const sessions = [aSession(idNumber(1)), aSession(idNumber(1))]
      await insertAll(store, sessions)
      await store.sessions.revoke(sessions[0]?.id ?? '', 'logout', at(0))
      expect(await store.sessions.listByUser(idNumber(1), at(0))).toEqual([sessions[1]])
    })

    it.each(['idleExpiresAt', 'absoluteExpiresAt'] as const)(
      'S060 S061 leaves out what has reached %s, to the millisecond',
      async (limit) => {
        const store = await open()
        const session = aSession(idNumber(1), { [limit]: at(HOUR / 2) })
        await store.sessions.insert(session)
        const listAt = (time: Date) => store.sessions.listByUser(session.userId, time)
        expect(await listAt(at(HOUR / 2 - 1))).toEqual([session])
        expect(await listAt(at(HOUR / 2))).toEqual([])
        expect(await listAt(at(HOUR / 2 + 1))).toEqual([])
      },
    )
  })
}

async function insertAll(store: Store, sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) await store.sessions.insert(session)
}
