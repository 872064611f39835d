import type { Session, Sighting, Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { MANY, race } from './race.ts'
import { aRotation, aSession, at, aUser, HOUR } from './records.ts'

const SEEN: Sighting = { now: at(60_001), idleExpiresAt: at(HOUR + 60_001), touchBefore: at(1) }

export function describeSessionRaces(open: OpenStore): void {
  describe(`sessions, ${MANY} calls at once`, () => {
    it.each([false, true])(
      'S059 lets exactly one rotation of one generation win (unconfirmed: %s)',
      async (unconfirmed) => {
        const store = await open()
        const session = await aStoredSession(store)
        const patches = Array.from({ length: MANY }, (_, index) =>
          aRotation({ confirmedGeneration: 0, lastSeenAt: at(index) }),
        )
        const expected = { generation: 1, unconfirmed }
        const results = await race((index) =>
          store.sessions.rotate(session.id, expected, patches[index] ?? aRotation()),
        )
        expect(results.filter((won) => won)).toHaveLength(1)
        expect(await stored(store, session)).toEqual({
          ...session,
          ...patches[results.indexOf(true)],
        })
      },
    )

    it('confirms to the largest generation', async () => {
      const store = await open()
      const session = await aStoredSession(store, { generation: MANY })
      const results = await race((index) => store.sessions.confirm(session.id, index + 1, SEEN))
      expect(results).not.toContain(null)
      expect((await stored(store, session))?.confirmedGeneration).toBe(MANY)
    })

    it('refuses nobody who shows the same new generation at once', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      const results = await race(() => store.sessions.confirm(session.id, 1, SEEN))
      expect(results.map((result) => result?.session.confirmedGeneration)).toEqual(
        Array.from({ length: MANY }, () => 1),
      )
    })

    it('either confirms a generation or burns it, never both', async () => {
      const store = await open()
      const sessions = await Promise.all(
        Array.from({ length: MANY }, () => aStoredSession(store, { generation: 2 })),
      )
      const recovery = aRotation({ generation: 3, confirmedGeneration: 0, burntBelow: 3 })
      const results = await race(async (index) => {
        const { id } = sessions[index] ?? aSession('')
        const confirm = () => store.sessions.confirm(id, 2, SEEN)
        const recover = () =>
          store.sessions.rotate(id, { generation: 2, unconfirmed: true }, recovery)
        const [a, b] =
          index % 2 === 0
            ? await Promise.all([confirm(), recover()])
            : await Promise.all([recover(), confirm()]).then(([won, seen]) => [seen, won] as const)
        return [a !== null, b]
      })
      for (const [confirmed, burnt] of results) expect(confirmed).toBe(!burnt)
    })

    it('brings no revoked session back', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      await race(async (index) => {
        const generation = index + 1
        if (index === MANY / 2) await store.sessions.revoke(session.id, 'logout', at(1))
        const patch = aRotation({ generation: generation + 1 })
        await store.sessions.rotate(session.id, { generation, unconfirmed: false }, patch)
        await store.sessions.confirm(session.id, 1, SEEN)
      })
      expect(await stored(store, session)).toMatchObject({
        revokedAt: at(1),
        revokedReason: 'logout',
      })
      expect(await store.sessions.confirm(session.id, 1, SEEN)).toBeNull()
    })

    it('tells exactly one of many who end a session that they did', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      const ended = await race(() => store.sessions.revoke(session.id, 'logout', at(0)))
      expect(ended.filter((did) => did)).toHaveLength(1)
    })

    it('keeps one reason with its time', async () => {
      const store = await open()
      const session = await aStoredSession(store)
      const keep = { id: null, credentialEpoch: null }
      const ended = await race(async (index) => {
        if (index % 2 === 0) return store.sessions.revoke(session.id, 'logout', at(0))
        await store.sessions.revokeAll(session.userId, keep, 'password_reset', at(1))
        return false
      })
      const { revokedAt, revokedReason } = (await stored(store, session)) ?? session
      expect([
        ['logout', at(0)],
        ['password_reset', at(1)],
      ]).toContainEqual([revokedReason, revokedAt])
      expect(ended.filter((did) => did)).toHaveLength(revokedReason === 'logout' ? 1 : 0)
    })

    it('S063 ends at the cap however many evict', async () => {
      const store = await open()
      const user = aUser()
      await store.users.insert(user)
      await race((index) => store.sessions.insert(aSession(user.id, { createdAt: at(-index) })))
      const counts = await race(() => store.sessions.evictBeyond(user.id, 5, at(1)))
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(MANY - 5)
      const left = await store.sessions.listByUser(user.id, at(1))
      expect(left.map(({ createdAt }) => createdAt)).toEqual([0, -1, -2, -3, -4].map(at))
    })
  })
}

async function aStoredSession(store: Store, patch: Partial<Session> = {}): Promise<Session> {
  const user = aUser()
  const session = aSession(user.id, patch)
  await store.users.insert(user)
  await store.sessions.insert(session)
  return session
}

async function stored(store: Store, { id }: Session): Promise<Session | undefined> {
  return (await store.sessions.find(id))?.session
}
