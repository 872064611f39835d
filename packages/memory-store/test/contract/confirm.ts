import type { Session, Sighting, Store, User } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { aSession, at, aUser, HOUR, idNumber } from './records.ts'

/** Seen for the first time in a minute. */
const SEEN: Sighting = { now: at(60_001), idleExpiresAt: at(HOUR + 60_001), touchBefore: at(1) }
/** Seen again before it would be written. */
const SEEN_AGAIN: Sighting = { now: at(5000), idleExpiresAt: at(HOUR + 5000), touchBefore: at(0) }

export function describeConfirm(open: OpenStore): void {
  describe('sessions.confirm', () => {
    it('writes a generation that was not seen before, and answers what is stored', async () => {
      const store = await open()
      const { session, user } = await stand(store, { generation: 3, confirmedGeneration: 1 })
      const confirmed = await store.sessions.confirm(session.id, 2, SEEN_AGAIN)
      const after = {
        ...session,
        confirmedGeneration: 2,
        lastSeenAt: SEEN_AGAIN.now,
        idleExpiresAt: SEEN_AGAIN.idleExpiresAt,
      }
      expect(confirmed).toEqual({ session: after, user })
      expect(await store.sessions.find(session.id)).toEqual(confirmed)
    })

    it('never lowers what was confirmed', async () => {
      const store = await open()
      const { session } = await stand(store, { generation: 3, confirmedGeneration: 3 })
      const confirmed = await store.sessions.confirm(session.id, 2, SEEN)
      expect(confirmed?.session.confirmedGeneration).toBe(3)
      expect(confirmed?.session.lastSeenAt).toEqual(SEEN.now)
    })

    it.each([
      { lastSeenAt: at(0), written: true },
      { lastSeenAt: at(1), written: false },
      { lastSeenAt: at(2), written: false },
    ])(
      'with nothing new, last seen at $lastSeenAt and to be touched before at(1), writes: $written',
      async ({ lastSeenAt, written }) => {
        const store = await open()
        const { session, user } = await stand(store, { confirmedGeneration: 1, lastSeenAt })
        const { now, idleExpiresAt } = SEEN
        const after = written ? { ...session, lastSeenAt: now, idleExpiresAt } : session
        const confirmed = await store.sessions.confirm(session.id, 1, SEEN)
        expect(confirmed).toEqual({ session: after, user })
        expect(await store.sessions.find(session.id)).toEqual(confirmed)
      },
    )

    it.each([-1, 0, 1])(
      'S061 never moves the idle limit beyond the absolute one (%i ms)',
      async (ms) => {
        const store = await open()
        const { session } = await stand(store, { absoluteExpiresAt: at(2 * HOUR) })
        const seen = { ...SEEN, idleExpiresAt: at(2 * HOUR + ms) }
        const confirmed = await store.sessions.confirm(session.id, 1, seen)
        expect(confirmed?.session.idleExpiresAt).toEqual(at(2 * HOUR + Math.min(ms, 0)))
      },
    )

    it.each([
      { generation: 3, answers: false },
      { generation: 4, answers: true },
      { generation: 5, answers: true },
      { generation: 6, answers: false },
    ])(
      'at generation 5, burnt below 4, answers for $generation: $answers',
      async ({ generation, answers }) => {
        const store = await open()
        const { session } = await stand(store, { generation: 5, burntBelow: 4 })
        const confirmed = await store.sessions.confirm(session.id, generation, SEEN)
        expect(confirmed !== null).toBe(answers)
        const after = await store.sessions.find(session.id)
        if (!answers) expect(after?.session).toEqual(session)
      },
    )

    it.each(['idleExpiresAt', 'absoluteExpiresAt'] as const)(
      'S060 S061 refuses from %s on, to the millisecond, and writes nothing',
      async (limit) => {
        const store = await open()
        const { session } = await stand(store, { [limit]: at(HOUR / 2) })
        const seenAt = (now: Date) => ({ ...SEEN, now, idleExpiresAt: at(HOUR / 2) })
        for (const late of [at(HOUR / 2), at(HOUR / 2 + 1)]) {
          expect(await store.sessions.confirm(session.id, 1, seenAt(late))).toBeNull()
        }
        expect((await store.sessions.find(session.id))?.session).toEqual(session)
        const confirmed = await store.sessions.confirm(session.id, 1, seenAt(at(HOUR / 2 - 1)))
        expect(confirmed).not.toBeNull()
      },
    )

    it('refuses a revoked session and writes nothing', async () => {
      const store = await open()
      const { session } = await stand(store)
      await store.sessions.revoke(session.id, 'logout', at(1))
      const before = await store.sessions.find(session.id)
      expect(await store.sessions.confirm(session.id, 1, SEEN)).toBeNull()
      expect(await store.sessions.find(session.id)).toEqual(before)
    })

    it('refuses a session that is unknown, or whose user is gone', async () => {
      const store = await open()
      const orphan = aSession(idNumber(2))
      await store.sessions.insert(orphan)
      expect(await store.sessions.confirm(idNumber(1), 1, SEEN)).toBeNull()
      expect(await store.sessions.confirm(orphan.id, 1, SEEN)).toBeNull()
    })

    it('gives the user as they are now, and does not judge them', async () => {
      const store = await open()
      const { session, user } = await stand(store)
      const patch = { status: 'disabled', credentialEpoch: 1, claimsVersion: 1 } as const
      const updated = await store.users.update(user.id, 1, patch)
      expect((await store.sessions.confirm(session.id, 1, SEEN))?.user).toEqual(updated)
      expect((await store.sessions.confirm(session.id, 1, SEEN_AGAIN))?.user).toEqual(updated)
    })
  })
}

async function stand(
  store: Store,
  patch: Partial<Session> = {},
): Promise<{ session: Session; user: User }> {
  const user = aUser()
  const session = aSession(user.id, patch)
  await store.users.insert(user)
  await store.sessions.insert(session)
  return { session, user }
}
