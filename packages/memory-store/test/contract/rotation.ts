import type { Session, Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { aRotation, aSession, at, aUser, HOUR, idNumber } from './records.ts'

export function describeRotation(open: OpenStore): void {
  describe('sessions.rotate', () => {
    it('writes the patch and leaves the rest', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      const patch = aRotation({ burntBelow: 2 })
      const rotated = await store.sessions.rotate(session.id, expectation(1), patch)
      expect(rotated).toBe(true)
      expect(await stored(store, session.id)).toEqual({ ...session, ...patch })
    })

    it.each([1, 3])(
      'writes nothing when generation is 2 and %i is expected',
      async (generation) => {
        const store = await open()
        const session = await aStoredSession(store, { generation: 2 })
        const patch = aRotation({ generation: 9 })
        const rotated = await store.sessions.rotate(session.id, expectation(generation), patch)
        expect(rotated).toBe(false)
        expect(await stored(store, session.id)).toEqual(session)
      },
    )

    it('keeps the larger `confirmedGeneration` of the two', async () => {
      const store = await open()
      const session = await aStoredSession(store, { generation: 5, confirmedGeneration: 4 })
      const patch = aRotation({ generation: 6, confirmedGeneration: 3 })
      await store.sessions.rotate(session.id, expectation(5), patch)
      expect((await stored(store, session.id))?.confirmedGeneration).toBe(4)
    })

    it('never brings a revoked session back to life', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      await store.sessions.revoke(session.id, 'logout', at(1))
      expect(await store.sessions.rotate(session.id, expectation(1), aRotation())).toBe(false)
      const after = { ...session, revokedAt: at(1), revokedReason: 'logout' }
      expect(await stored(store, session.id)).toEqual(after)
    })

    it('answers false for a session that is unknown', async () => {
      const store = await open()
      expect(await store.sessions.rotate(idNumber(1), expectation(1), aRotation())).toBe(false)
    })

    it.each([
      { confirmedGeneration: 3, done: true },
      { confirmedGeneration: 4, done: false },
    ])(
      'with `unconfirmed`, at generation 4 confirmed up to $confirmedGeneration: $done',
      async ({ confirmedGeneration, done }) => {
        const store = await open()
        const session = await aStoredSession(store, { generation: 4, confirmedGeneration })
        const patch = aRotation({ generation: 5, confirmedGeneration })
        const expected = { generation: 4, unconfirmed: true }
        expect(await store.sessions.rotate(session.id, expected, patch)).toBe(done)
        const after = done ? { ...session, ...patch } : session
        expect(await stored(store, session.id)).toEqual(after)
      },
    )

    it('without `unconfirmed`, does not ask what was confirmed', async () => {
      const store = await open()
      const session = await aStoredSession(store, { generation: 4, confirmedGeneration: 4 })
      const patch = aRotation({ generation: 5, confirmedGeneration: 4 })
      expect(await store.sessions.rotate(session.id, expectation(4), patch)).toBe(true)
    })

    it('does not judge limits: that is not a condition of a rotation', async () => {
      const store = await open()
      const session = await aStoredSession(store, { idleExpiresAt: at(-HOUR) })
      expect(await store.sessions.rotate(session.id, expectation(1), aRotation())).toBe(true)
    })

    it('touches no other session', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      const other = aSession(session.userId)
      await store.sessions.insert(other)
      await store.sessions.rotate(session.id, expectation(1), aRotation())
      expect(await stored(store, other.id)).toEqual(other)
    })
  })
}

function expectation(generation: number) {
  return { generation, unconfirmed: false }
}

async function aStoredSession(store: Store, patch: Partial<Session> = {}): Promise<Session> {
  const user = aUser()
  const session = aSession(user.id, patch)
  await store.users.insert(user)
  await store.sessions.insert(session)
  return session
}

async function stored(store: Store, id: string): Promise<Session | undefined> {
  return (await store.sessions.find(id))?.session
}
