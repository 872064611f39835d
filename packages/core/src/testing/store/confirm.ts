import type { Sighting } from '../../store.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { aSession, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { sessionNow, storedSession, storedSessions } from './stored-records.ts'

/** Seen for the first time in a minute. */
const SEEN: Sighting = { now: at(60_001), idleExpiresAt: at(HOUR + 60_001), touchBefore: at(1) }
/** Seen again before it would be written. */
const SEEN_AGAIN: Sighting = { now: at(5000), idleExpiresAt: at(HOUR + 5000), touchBefore: at(0) }

const writing = section('sessions.confirm, what it writes', [
  rule('a generation that was not seen before, and answers what is stored', async (store) => {
    const { session, user } = await storedSession(store, { generation: 3, confirmedGeneration: 1 })
    const confirmed = await store.sessions.confirm(session.id, 2, SEEN_AGAIN)
    const { now, idleExpiresAt } = SEEN_AGAIN
    const after = { ...session, confirmedGeneration: 2, lastSeenAt: now, idleExpiresAt }
    expectEqual(confirmed, { session: after, user })
    expectEqual(await store.sessions.find(session.id), confirmed)
  }),

  rule('never a smaller generation than was confirmed', async (store) => {
    const { session } = await storedSession(store, { generation: 3, confirmedGeneration: 3 })
    const confirmed = await store.sessions.confirm(session.id, 2, SEEN)
    expectMembers(confirmed?.session, { confirmedGeneration: 3, lastSeenAt: SEEN.now })
    expectMembers(await sessionNow(store, session), { confirmedGeneration: 3 })
  }),

  rule('time and idle limit, if it was last seen 1 ms before `touchBefore`', async (store) => {
    const { session, user } = await storedSession(store, { confirmedGeneration: 1 })
    const { now, idleExpiresAt } = SEEN
    const confirmed = await store.sessions.confirm(session.id, 1, SEEN)
    expectEqual(confirmed, { session: { ...session, lastSeenAt: now, idleExpiresAt }, user })
    expectEqual(await store.sessions.find(session.id), confirmed)
  }),

  ...[0, 1].map((ms) =>
    rule(`nothing, if it was last seen ${ms} ms after \`touchBefore\``, async (store) => {
      const lastSeenAt = at(SEEN.touchBefore.getTime() - at(0).getTime() + ms)
      const found = await storedSession(store, { confirmedGeneration: 1, lastSeenAt })
      expectEqual(await store.sessions.confirm(found.session.id, 1, SEEN), found)
      expectEqual(await store.sessions.find(found.session.id), found)
    }),
  ),

  rule('nothing for a smaller generation that was seen just now', async (store) => {
    const found = await storedSession(store, { generation: 3, confirmedGeneration: 2 })
    expectEqual(await store.sessions.confirm(found.session.id, 1, SEEN_AGAIN), found)
    expectEqual(await store.sessions.find(found.session.id), found)
  }),

  rule('S060 an idle limit that is earlier than the one before, too', async (store) => {
    const { session } = await storedSession(store)
    const seen = { ...SEEN, idleExpiresAt: at(HOUR / 2) }
    const confirmed = await store.sessions.confirm(session.id, 1, seen)
    expectMembers(confirmed?.session, { idleExpiresAt: at(HOUR / 2) })
  }),

  ...[-1, 0, 1].map((ms) =>
    rule(
      `S061 no idle limit beyond the absolute one: asked for ${ms} ms after it`,
      async (store) => {
        const { session } = await storedSession(store, { absoluteExpiresAt: at(2 * HOUR) })
        const seen = { ...SEEN, idleExpiresAt: at(2 * HOUR + ms) }
        const confirmed = await store.sessions.confirm(session.id, 1, seen)
        const idleExpiresAt = at(2 * HOUR + Math.min(ms, 0))
        expectMembers(confirmed?.session, { idleExpiresAt, absoluteExpiresAt: at(2 * HOUR) })
        expectMembers(await sessionNow(store, session), { idleExpiresAt })
      },
    ),
  ),

  rule('nothing to another session', async (store) => {
    const [session, other] = await storedSessions(store, [{}, {}])
    await store.sessions.confirm(session.id, 1, SEEN)
    expectEqual(await sessionNow(store, other), other)
  }),
])

const GENERATIONS = [
  { generation: 3, admits: false },
  { generation: 4, admits: true },
  { generation: 5, admits: true },
  { generation: 6, admits: false },
]

const judging = section('sessions.confirm, what it refuses', [
  ...GENERATIONS.map(({ generation, admits }) =>
    rule(
      `at generation 5, burnt below 4, ${admits ? 'admits' : 'refuses'} ${generation}`,
      async (store) => {
        const { session } = await storedSession(store, { generation: 5, burntBelow: 4 })
        const confirmed = await store.sessions.confirm(session.id, generation, SEEN)
        expectEqual(confirmed !== null, admits)
        if (!admits) expectEqual(await sessionNow(store, session), session)
      },
    ),
  ),

  rule('refuses a burnt generation also when there would be nothing to write', async (store) => {
    const limits = { generation: 5, burntBelow: 4, confirmedGeneration: 5 }
    const { session } = await storedSession(store, limits)
    expectEqual(await store.sessions.confirm(session.id, 3, SEEN_AGAIN), null)
    expectEqual(await sessionNow(store, session), session)
  }),

  ...(['idleExpiresAt', 'absoluteExpiresAt'] as const).map((limit) =>
    rule(`S060 S061 refuses from ${limit} on, to the millisecond`, async (store) => {
      const { session } = await storedSession(store, { [limit]: at(HOUR / 2) })
      const seenAt = (ms: number) => ({ ...SEEN, now: at(ms), idleExpiresAt: at(HOUR / 2 + ms) })
      const confirmAt = (ms: number) => store.sessions.confirm(session.id, 1, seenAt(ms))
      expectEqual(await confirmAt(HOUR / 2), null)
      expectEqual(await confirmAt(HOUR / 2 + 1), null)
      expectEqual(await sessionNow(store, session), session)
      expectTrue((await confirmAt(HOUR / 2 - 1)) !== null, 'it refuses 1 ms before the limit')
    }),
  ),

  ...(['idleExpiresAt', 'absoluteExpiresAt'] as const).map((limit) =>
    rule(`refuses from ${limit} on also when there would be nothing to write`, async (store) => {
      const now = at(HOUR / 2)
      const seen = { confirmedGeneration: 1, lastSeenAt: now, [limit]: now }
      const { session } = await storedSession(store, seen)
      const again = { now, idleExpiresAt: at(HOUR), touchBefore: at(0) }
      expectEqual(await store.sessions.confirm(session.id, 1, again), null)
    }),
  ),

  ...[SEEN, SEEN_AGAIN].map((seen) =>
    rule(
      `refuses a revoked session${seen === SEEN ? '' : ' that was seen just now'}, and writes nothing`,
      async (store) => {
        const { session } = await storedSession(store, { confirmedGeneration: 1 })
        await store.sessions.revoke(session.id, 'logout', at(1))
        const before = await sessionNow(store, session)
        expectEqual(await store.sessions.confirm(session.id, 1, seen), null)
        expectEqual(await sessionNow(store, session), before)
      },
    ),
  ),

  rule('refuses a session that is unknown, or whose user is gone', async (store) => {
    const orphan = aSession(idNumber(2))
    await store.sessions.insert(orphan)
    expectEqual(await store.sessions.confirm(idNumber(1), 1, SEEN), null)
    expectEqual(await store.sessions.confirm(orphan.id, 1, SEEN), null)
  }),

  rule('gives the user as they are now, and does not judge them', async (store) => {
    const { session, user } = await storedSession(store)
    const patch = { status: 'disabled', credentialEpoch: 1, claimsVersion: 1 } as const
    const updated = await store.users.update(user.id, 1, patch)
    expectEqual((await store.sessions.confirm(session.id, 1, SEEN))?.user, updated)
    expectEqual((await store.sessions.confirm(session.id, 1, SEEN_AGAIN))?.user, updated)
  }),
])

export const confirmSections = [writing, judging]
