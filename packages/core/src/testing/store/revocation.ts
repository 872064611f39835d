import { expectEqual, expectMembers } from '../assertions.ts'
import { REASONS } from './closed-unions.ts'
import { at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { sessionNow, storedSession, storedSessions, storedUser } from './stored-records.ts'

const ALL = { id: null, credentialEpoch: null }

const revoking = section('sessions.revoke', [
  rule('ends the session with reason and time, and touches nothing else', async (store) => {
    const [session, other] = await storedSessions(store, [{}, {}])
    expectEqual(await store.sessions.revoke(session.id, 'ended_by_user', at(7)), true)
    const ended = { revokedAt: at(7), revokedReason: 'ended_by_user' }
    expectEqual(await sessionNow(store, session), { ...session, ...ended })
    expectEqual(await sessionNow(store, other), other)
  }),

  rule('gives back every reason as it was', async (store) => {
    for (const reason of REASONS) {
      const { session } = await storedSession(store)
      await store.sessions.revoke(session.id, reason, at(7))
      const ended = { revokedAt: at(7), revokedReason: reason }
      expectEqual(await sessionNow(store, session), { ...session, ...ended }, reason)
    }
  }),

  rule('keeps the first reason and time, and says who was first', async (store) => {
    const { session } = await storedSession(store)
    expectEqual(await store.sessions.revoke(session.id, 'logout', at(7)), true)
    expectEqual(await store.sessions.revoke(session.id, 'refresh_reuse', at(8)), false)
    await store.sessions.revokeAll(session.userId, ALL, 'password_reset', at(9))
    const ended = { revokedAt: at(7), revokedReason: 'logout' } as const
    expectMembers(await sessionNow(store, session), ended)
  }),

  rule('says that it did not end what was evicted', async (store) => {
    const [session, evicted] = await storedSessions(store, [{}, { createdAt: at(-1) }])
    await store.sessions.evictBeyond(session.userId, 1, at(7))
    expectEqual(await store.sessions.revoke(evicted.id, 'logout', at(8)), false)
    const ended = { revokedAt: at(7), revokedReason: 'evicted' } as const
    expectMembers(await sessionNow(store, evicted), ended)
  }),

  rule('says that it did not end what ended with all the others', async (store) => {
    const { session } = await storedSession(store)
    await store.sessions.revokeAll(session.userId, ALL, 'password_reset', at(7))
    expectEqual(await store.sessions.revoke(session.id, 'logout', at(8)), false)
    const ended = { revokedAt: at(7), revokedReason: 'password_reset' } as const
    expectMembers(await sessionNow(store, session), ended)
  }),

  rule('ends a session that is past a limit too: it judges nothing', async (store) => {
    const { session } = await storedSession(store)
    expectEqual(await store.sessions.revoke(session.id, 'logout', at(99 * HOUR)), true)
    expectMembers(await sessionNow(store, session), { revokedReason: 'logout' })
  }),

  rule('ignores an id that is unknown', async (store) => {
    const { session } = await storedSession(store)
    expectEqual(await store.sessions.revoke(idNumber(1), 'logout', at(0)), false)
    expectEqual(await sessionNow(store, session), session)
  }),
])

const all = section('sessions.revokeAll', [
  rule('S064 ends all of the user but the one to keep, and nobody else’s', async (store) => {
    const [first, second, kept] = await storedSessions(store, [{}, {}, {}])
    const { session: foreign } = await storedSession(store)
    const keep = { id: kept.id, credentialEpoch: null }
    await store.sessions.revokeAll(first.userId, keep, 'ended_by_user', at(7))
    const ended = { revokedAt: at(7), revokedReason: 'ended_by_user' }
    expectEqual(await sessionNow(store, first), { ...first, ...ended })
    expectEqual(await sessionNow(store, second), { ...second, ...ended })
    expectEqual(await sessionNow(store, kept), kept)
    expectEqual(await sessionNow(store, foreign), foreign)
  }),

  ...[null, idNumber(1)].map((id) =>
    rule(
      `ends all when ${id === null ? 'none' : 'an unknown one'} is to be kept`,
      async (store) => {
        const sessions = await storedSessions(store, [{}, {}])
        const keep = { id, credentialEpoch: null }
        await store.sessions.revokeAll(sessions[0].userId, keep, 'password_changed', at(7))
        const ended = { revokedAt: at(7), revokedReason: 'password_changed' } as const
        for (const session of sessions) expectMembers(await sessionNow(store, session), ended)
      },
    ),
  ),

  rule('S080 leaves alone those of the credentials to keep, and of later ones', async (store) => {
    const epochs = [1, 2, 3, 4].map((credentialEpoch) => ({ credentialEpoch }))
    const sessions = await storedSessions(store, epochs)
    const userId = sessions[0]?.userId ?? ''
    const keep = { id: null, credentialEpoch: 3 }
    await store.sessions.revokeAll(userId, keep, 'password_changed', at(7))
    const left = await store.sessions.listByUser(userId, at(7))
    expectEqual(left.map(({ credentialEpoch }) => credentialEpoch).sort(), [3, 4])
  }),

  rule('S080 leaves alone the one to keep as well as those of later credentials', async (store) => {
    const epochs = [{ credentialEpoch: 1 }, { credentialEpoch: 1 }, { credentialEpoch: 2 }] as const
    const [ended, kept, later] = await storedSessions(store, epochs)
    const keep = { id: kept.id, credentialEpoch: 2 }
    await store.sessions.revokeAll(kept.userId, keep, 'password_changed', at(7))
    expectMembers(await sessionNow(store, ended), { revokedReason: 'password_changed' })
    expectEqual(await sessionNow(store, kept), kept)
    expectEqual(await sessionNow(store, later), later)
  }),

  rule('ends those past a limit too: it judges nothing', async (store) => {
    const { session } = await storedSession(store, { idleExpiresAt: at(1) })
    await store.sessions.revokeAll(session.userId, ALL, 'password_reset', at(7))
    expectMembers(await sessionNow(store, session), { revokedReason: 'password_reset' })
  }),

  rule('ends however many there are', async (store) => {
    const patches = Array.from({ length: 1100 }, () => ({}))
    const sessions = await storedSessions(store, patches)
    const userId = sessions[0]?.userId ?? ''
    await store.sessions.revokeAll(userId, ALL, 'password_reset', at(7))
    expectEqual((await store.sessions.listByUser(userId, at(7))).length, 0)
  }),

  rule('has nothing to do for a user without sessions', async (store) => {
    const { id } = await storedUser(store)
    const { session } = await storedSession(store)
    await store.sessions.revokeAll(id, ALL, 'password_reset', at(0))
    expectEqual(await sessionNow(store, session), session)
  }),
])

export const revocationSections = [revoking, all]
