import type { Session, Store, User, UserPatch } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { MANY, race } from './race.ts'
import { anEvent, aSession, aToken, at, aUser, HOUR, idNumber } from './records.ts'

/** Three moments that cannot be taken for one another. */
const LIMITS = { now: at(30 * HOUR), endedBefore: at(20 * HOUR), pendingBefore: at(10 * HOUR) }

const MARGINS = [
  { ms: -1, goes: true },
  { ms: 0, goes: false },
  { ms: 1, goes: false },
]

export function describePrune(open: OpenStore): void {
  describe('prune', () => {
    it.each(MARGINS)('one-time tokens that expired before `now`: $ms ms', async ({ ms, goes }) => {
      const store = await open()
      const token = aToken(idNumber(1), { expiresAt: at(30 * HOUR + ms) })
      await store.oneTimeTokens.put(token)
      expect(await store.prune(LIMITS)).toBe(goes ? 1 : 0)
      const found = await store.oneTimeTokens.find(token.linkHash, 'activate', at(0))
      expect(found).toEqual(goes ? null : token)
    })

    it.each(
      (['idleExpiresAt', 'absoluteExpiresAt', 'revokedAt'] as const).flatMap((limit) =>
        MARGINS.map((margin) => ({ limit, ...margin })),
      ),
    )('sessions whose $limit lies before `endedBefore`: $ms ms', async ({ limit, ms, goes }) => {
      const store = await open()
      const session = await aStoredSession(store, { [limit]: at(20 * HOUR + ms) })
      expect(await store.prune(LIMITS)).toBe(goes ? 1 : 0)
      const found = await store.sessions.find(session.id)
      expect(found?.session).toEqual(goes ? undefined : session)
    })

    it.each(MARGINS)('users deleted before `endedBefore`: $ms ms', async ({ ms, goes }) => {
      const store = await open()
      const user = aUser({ status: 'deleted', updatedAt: at(20 * HOUR + ms) })
      await store.users.insert(user)
      expect(await store.prune(LIMITS)).toBe(goes ? 1 : 0)
      expect(await store.users.find(user.id)).toEqual(goes ? null : user)
    })

    it.each(MARGINS)(
      'pending users last changed before `pendingBefore`: $ms ms',
      async (margin) => {
        const { ms, goes } = margin
        const store = await open()
        const updatedAt = at(10 * HOUR + ms)
        const user = aUser({ status: 'pending', createdAt: at(0), updatedAt })
        await store.users.insert(user)
        expect(await store.prune(LIMITS)).toBe(goes ? 1 : 0)
        expect(await store.users.find(user.id)).toEqual(goes ? null : user)
      },
    )

    it('S021 no pending user whose record was touched since', async () => {
      const store = await open()
      const user = aUser({ status: 'pending' })
      await store.users.insert(user)
      const touched = await store.users.update(user.id, 1, { updatedAt: at(10 * HOUR) })
      expect(await store.prune(LIMITS)).toBe(0)
      expect(await store.users.find(user.id)).toEqual(touched)
    })

    it.each(['active', 'disabled'] as const)('never a user who is %s', async (status) => {
      const store = await open()
      const user = aUser({ status, createdAt: new Date(0), updatedAt: new Date(0) })
      await store.users.insert(user)
      expect(await store.prune(LIMITS)).toBe(0)
      expect(await store.users.find(user.id)).toEqual(user)
    })

    it('never an event', async () => {
      const store = await open()
      const event = anEvent({ at: new Date(0) })
      await store.events.append([event])
      await store.prune(LIMITS)
      const page = await store.events.list({ limit: 10, cursor: null, userId: null })
      expect(page.events).toEqual([event])
    })

    it('frees the identifiers of a user who went', async () => {
      const store = await open()
      const gone = aUser({ status: 'pending', username: 'ada', createdAt: new Date(0) })
      await store.users.insert(gone)
      await store.prune(LIMITS)
      const next = aUser({ username: 'ada' })
      await store.users.insert(next)
      const found = await store.users.findByIdentifier({ kind: 'username', value: 'ada' })
      expect(found).toEqual(next)
    })

    it(`is safe from ${MANY} nodes at once: each record is counted once`, async () => {
      const store = await open()
      await race((index) => store.users.insert(deletedUser(index)))
      await race((index) => store.oneTimeTokens.put(aToken(idNumber(index))))
      const numbers = await race(() => store.prune(LIMITS))
      expect(numbers.reduce((sum, number) => sum + number, 0)).toBe(2 * MANY)
      expect(await store.prune(LIMITS)).toBe(0)
    })

    it.each<{ who: string; patch: UserPatch }>([
      { who: 'activates', patch: { status: 'active' } },
      { who: 'is kept waiting', patch: { updatedAt: at(10 * HOUR) } },
    ])('takes nobody who $who at the same time', async ({ patch }) => {
      const store = await open()
      const users = Array.from({ length: MANY }, () => aUser({ status: 'pending' }))
      for (const user of users) await store.users.insert(user)
      const change = (index: number) => store.users.update(users[index]?.id ?? '', 1, patch)
      const changed = await race(async (index) => {
        const [user] = await Promise.all([change(index), store.prune(LIMITS)])
        return user
      })
      const kept = await Promise.all(users.map(({ id }) => store.users.find(id)))
      expect(kept).toEqual(changed)
    })
  })
}

function deletedUser(index: number): User {
  return aUser({ id: idNumber(index), status: 'deleted', email: null, updatedAt: at(0) })
}

async function aStoredSession(store: Store, patch: Partial<Session>): Promise<Session> {
  const user = aUser()
  const far = { idleExpiresAt: at(99 * HOUR), absoluteExpiresAt: at(99 * HOUR) }
  const session = aSession(user.id, { ...far, ...patch })
  await store.users.insert(user)
  await store.sessions.insert(session)
  return session
}
