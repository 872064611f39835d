import { expectEqual } from '../assertions.ts'
import { aSession, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import {
  insertAll,
  sessionNow,
  storedSession,
  storedSessions,
  storedUser,
} from './stored-records.ts'

const evicting = section('sessions.evictBeyond', [
  rule('S063 ends the oldest beyond the newest, and says how many', async (store) => {
    const [oldest, newest, nextOldest, second, third] = await storedSessions(store, [
      { createdAt: at(-5) },
      { createdAt: at(-1) },
      { createdAt: at(-4) },
      { createdAt: at(-2) },
      { createdAt: at(-3) },
    ])
    expectEqual(await store.sessions.evictBeyond(oldest.userId, 3, at(7)), 2)
    const evicted = { revokedAt: at(7), revokedReason: 'evicted' }
    expectEqual(await sessionNow(store, oldest), { ...oldest, ...evicted })
    expectEqual(await sessionNow(store, nextOldest), { ...nextOldest, ...evicted })
    const left = await store.sessions.listByUser(oldest.userId, at(7))
    expectEqual(left, [newest, second, third])
  }),

  ...[3, 4].map((max) =>
    rule(`ends none of three when ${max} may be`, async (store) => {
      const sessions = await storedSessions(store, [{}, {}, {}])
      expectEqual(await store.sessions.evictBeyond(sessions[0].userId, max, at(7)), 0)
      for (const session of sessions) expectEqual(await sessionNow(store, session), session)
    }),
  ),

  rule('ends all when none may be', async (store) => {
    const [{ userId }] = await storedSessions(store, [{}, {}, {}])
    expectEqual(await store.sessions.evictBeyond(userId, 0, at(7)), 3)
    expectEqual(await store.sessions.listByUser(userId, at(7)), [])
  }),

  rule('goes by id among sessions of one moment', async (store) => {
    const { id } = await storedUser(store)
    const sessions = [2, 4, 1, 3].map((n) => aSession(id, { id: idNumber(n) }))
    await insertAll(sessions, (session) => store.sessions.insert(session))
    expectEqual(await store.sessions.evictBeyond(id, 2, at(7)), 2)
    const left = await store.sessions.listByUser(id, at(7))
    expectEqual(
      left.map((session) => session.id),
      [4, 3].map(idNumber),
    )
  }),

  rule('counts live sessions only, and leaves the dead as they are', async (store) => {
    const sessions = await storedSessions(store, [
      { createdAt: at(-5) },
      { createdAt: at(-4), idleExpiresAt: at(7) },
      { createdAt: at(-3), absoluteExpiresAt: at(7) },
      { createdAt: at(-2), revokedAt: at(1), revokedReason: 'logout' },
      { createdAt: at(-1) },
    ])
    const [{ userId }, idle, over, ended, young] = sessions
    expectEqual(await store.sessions.evictBeyond(userId, 2, at(7)), 0)
    for (const session of sessions) expectEqual(await sessionNow(store, session), session)
    expectEqual(await store.sessions.evictBeyond(userId, 1, at(7)), 1)
    expectEqual(await store.sessions.listByUser(userId, at(7)), [young])
    for (const dead of [idle, over, ended]) expectEqual(await sessionNow(store, dead), dead)
  }),

  rule('ends nothing of a user without sessions, and nobody else’s', async (store) => {
    const { id } = await storedUser(store)
    const [mine] = await storedSessions(store, [{}, {}])
    const { session: foreign } = await storedSession(store)
    expectEqual(await store.sessions.evictBeyond(id, 0, at(HOUR - 1)), 0)
    expectEqual(await store.sessions.evictBeyond(mine.userId, 1, at(HOUR - 1)), 1)
    expectEqual(await sessionNow(store, foreign), foreign)
  }),
])

export const evictionSections = [evicting]
