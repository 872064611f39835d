import type { SessionRotation } from '../../records.ts'
import { expectEqual, expectMembers } from '../assertions.ts'
import { aRotation, aSession, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { sessionNow, storedSession, storedSessions } from './stored-records.ts'

const expecting = (generation: number) => ({ generation, unconfirmed: false })

const PATCHES: Readonly<Record<string, SessionRotation>> = {
  'a plain rotation': aRotation(),
  'a recovery that burns what was before': aRotation({ burntBelow: 2, confirmedGeneration: 0 }),
  'a rotation that clears what was recent': aRotation({ parentGeneration: null, recent: [] }),
  'a long list of what was recent': aRotation({
    recent: Array.from({ length: 16 }, (_, n) => ({ generation: 16 - n, at: at(n).getTime() })),
  }),
}

const rotating = section('sessions.rotate', [
  ...Object.entries(PATCHES).map(([what, patch]) =>
    rule(`writes ${what} and leaves the rest`, async (store) => {
      const recent = [{ generation: 0, at: at(-1).getTime() }]
      const { session } = await storedSession(store, { recent, parentGeneration: 0 })
      expectEqual(await store.sessions.rotate(session.id, expecting(1), patch), true)
      expectEqual(await sessionNow(store, session), { ...session, ...patch })
    }),
  ),

  ...[1, 3].map((generation) =>
    rule(
      `S059 writes nothing when generation is 2 and ${generation} is expected`,
      async (store) => {
        const { session } = await storedSession(store, { generation: 2 })
        const patch = aRotation({ generation: 9 })
        expectEqual(await store.sessions.rotate(session.id, expecting(generation), patch), false)
        expectEqual(await sessionNow(store, session), session)
      },
    ),
  ),

  ...[
    { stored: 4, given: 3 },
    { stored: 4, given: 4 },
    { stored: 4, given: 5 },
  ].map(({ stored, given }) =>
    rule(
      `of the confirmed generations ${stored}, stored, and ${given}, given, keeps the larger`,
      async (store) => {
        const confirmed = { generation: 5, confirmedGeneration: stored }
        const { session } = await storedSession(store, confirmed)
        const patch = aRotation({ generation: 6, confirmedGeneration: given })
        expectEqual(await store.sessions.rotate(session.id, expecting(5), patch), true)
        const after = { ...session, ...patch, confirmedGeneration: Math.max(stored, given) }
        expectEqual(await sessionNow(store, session), after)
      },
    ),
  ),

  rule('never brings a revoked session back to life', async (store) => {
    const { session } = await storedSession(store)
    await store.sessions.revoke(session.id, 'logout', at(1))
    expectEqual(await store.sessions.rotate(session.id, expecting(1), aRotation()), false)
    const after = { ...session, revokedAt: at(1), revokedReason: 'logout' }
    expectEqual(await sessionNow(store, session), after)
  }),

  rule('answers false for a session that is unknown', async (store) => {
    expectEqual(await store.sessions.rotate(idNumber(1), expecting(1), aRotation()), false)
  }),

  rule('touches no other session', async (store) => {
    const [session, other] = await storedSessions(store, [{}, {}])
    await store.sessions.rotate(session.id, expecting(1), aRotation())
    expectEqual(await sessionNow(store, other), other)
  }),
])

const unconfirmed = section('sessions.rotate, conditions', [
  ...[
    { confirmedGeneration: 3, rotates: true },
    { confirmedGeneration: 4, rotates: false },
  ].map(({ confirmedGeneration, rotates }) =>
    rule(
      `with \`unconfirmed\`, ${rotates ? 'rotates' : 'does not rotate'} generation 4 confirmed up to ${confirmedGeneration}`,
      async (store) => {
        const { session } = await storedSession(store, { generation: 4, confirmedGeneration })
        const patch = aRotation({ generation: 5, confirmedGeneration })
        const expected = { generation: 4, unconfirmed: true }
        expectEqual(await store.sessions.rotate(session.id, expected, patch), rotates)
        const after = rotates ? { ...session, ...patch } : session
        expectEqual(await sessionNow(store, session), after)
      },
    ),
  ),

  rule('without `unconfirmed`, does not ask what was confirmed', async (store) => {
    const { session } = await storedSession(store, { generation: 4, confirmedGeneration: 4 })
    const patch = aRotation({ generation: 5, confirmedGeneration: 4 })
    expectEqual(await store.sessions.rotate(session.id, expecting(4), patch), true)
    expectEqual(await sessionNow(store, session), { ...session, ...patch })
  }),

  rule('does not judge limits: they are no condition of a rotation', async (store) => {
    const { session } = await storedSession(store, { idleExpiresAt: at(-HOUR) })
    expectEqual(await store.sessions.rotate(session.id, expecting(1), aRotation()), true)
    expectMembers(await sessionNow(store, session), aRotation())
  }),

  rule('does not judge the user, nor ask whether there is one', async (store) => {
    const { session, user } = await storedSession(store)
    const orphan = aSession(idNumber(2))
    await store.sessions.insert(orphan)
    await store.users.update(user.id, 1, { status: 'disabled', credentialEpoch: 1 })
    expectEqual(await store.sessions.rotate(session.id, expecting(1), aRotation()), true)
    expectEqual(await store.sessions.rotate(orphan.id, expecting(1), aRotation()), true)
  }),
])

export const rotationSections = [rotating, unconfirmed]
