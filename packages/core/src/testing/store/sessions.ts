import { expectEqual } from '../assertions.ts'
import { aRotation, aSession, at, aUser, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedSession, storedSessions, storedUser } from './stored-records.ts'

const reading = section('sessions.insert and sessions.find', [
  rule('give back every member as it was, and no other, with the user', async (store) => {
    const user = await storedUser(store, { username: 'ada', profile: { name: 'Ada' } })
    const session = aSession(user.id, {
      salt: 'abcdefghijklmnopqrstuv',
      generation: 5,
      parentGeneration: 4,
      recent: [
        { generation: 4, at: at(2).getTime() },
        { generation: 3, at: at(1).getTime() },
      ],
      confirmedGeneration: 4,
      burntBelow: 2,
      credentialEpoch: 3,
      authTime: at(-1),
      amr: ['pwd', 'otp'],
      actorId: idNumber(7),
      actorSessionId: idNumber(8),
      device: { name: 'Ådas "phone" 💡', userAgent: "it's \\ a %s", ip: '2001:db8::1' },
      createdAt: at(1),
      lastSeenAt: at(2),
      idleExpiresAt: at(3),
      absoluteExpiresAt: at(4),
      revokedAt: at(5),
      revokedReason: 'evicted',
    })
    await store.sessions.insert(session)
    expectEqual(await store.sessions.find(session.id), { session, user })
  }),

  rule('give back null for every member that has no value', async (store) => {
    const { session, user } = await storedSession(store)
    expectEqual(await store.sessions.find(session.id), { session, user })
  }),

  rule('give back zero where it is a value', async (store) => {
    const zero = { parentGeneration: 0 }
    const { session, user } = await storedSession(store, zero)
    expectEqual(await store.sessions.find(session.id), { session, user })
  }),

  rule('keep who acts, in whatever way the session is read', async (store) => {
    const acting = { actorId: idNumber(7), actorSessionId: idNumber(8) }
    const { session, user } = await storedSession(store, acting)
    expectEqual(await store.sessions.find(session.id), { session, user })
    expectEqual(await store.sessions.listByUser(user.id, at(0)), [session])
    await store.sessions.rotate(session.id, { generation: 1, unconfirmed: false }, aRotation())
    const rotated = { ...session, ...aRotation() }
    const seen = { now: at(1000), idleExpiresAt: at(HOUR), touchBefore: at(0) }
    expectEqual(await store.sessions.confirm(session.id, 1, seen), { session: rotated, user })
  }),

  ...(['pending', 'disabled', 'deleted'] as const).map((status) =>
    rule(`find the session of a user who is ${status}`, async (store) => {
      const user = await storedUser(store, { status })
      const session = aSession(user.id)
      await store.sessions.insert(session)
      expectEqual(await store.sessions.find(session.id), { session, user })
    }),
  ),

  rule('find a session whatever its state: revoked, idle for too long, over', async (store) => {
    const user = await storedUser(store)
    const past = { idleExpiresAt: new Date(0), absoluteExpiresAt: new Date(0) }
    const session = aSession(user.id, { ...past, revokedAt: at(0), revokedReason: 'logout' })
    await store.sessions.insert(session)
    expectEqual(await store.sessions.find(session.id), { session, user })
  }),

  rule('give the user as they are now', async (store) => {
    const { session, user } = await storedSession(store)
    const updated = await store.users.update(user.id, 1, { credentialEpoch: 1 })
    expectEqual(await store.sessions.find(session.id), { session, user: updated })
  }),

  rule('give each session its own user', async (store) => {
    const [one, other] = [await storedSession(store), await storedSession(store)]
    expectEqual(await store.sessions.find(one.session.id), one)
    expectEqual(await store.sessions.find(other.session.id), other)
  }),

  rule('answer null when the session is unknown', async (store) => {
    await storedSession(store)
    expectEqual(await store.sessions.find(idNumber(1)), null)
  }),

  rule('answer null when the user is gone', async (store) => {
    const user = await storedUser(store, { status: 'pending' })
    const session = aSession(user.id)
    await store.sessions.insert(session)
    const limits = { now: at(1), endedBefore: at(0), pendingBefore: at(1), eventsBefore: at(0) }
    await store.prune(limits)
    expectEqual(await store.users.find(user.id), null)
    expectEqual(await store.sessions.find(session.id), null)
  }),
])

const listing = section('sessions.listByUser', [
  rule("S063 gives the user's own, newest first", async (store) => {
    const ages = [3, 1, 4, 2] as const
    const created = ages.map((age) => ({ createdAt: at(-age) }))
    const sessions = await storedSessions(store, created)
    await storedSession(store)
    const userId = sessions[0]?.userId ?? ''
    const newestFirst = [...sessions].sort((a, b) => +b.createdAt - +a.createdAt)
    expectEqual(await store.sessions.listByUser(userId, at(0)), newestFirst)
  }),

  rule('goes by id, the last first, among sessions of one moment', async (store) => {
    const { id } = await storedUser(store)
    const sessions = [2, 4, 1, 3].map((n) => aSession(id, { id: idNumber(n) }))
    await insertAll(sessions, (session) => store.sessions.insert(session))
    const listed = await store.sessions.listByUser(id, at(0))
    expectEqual(
      listed.map((session) => session.id),
      [4, 3, 2, 1].map(idNumber),
    )
  }),

  rule('gives nothing for a user without sessions', async (store) => {
    const { id } = await storedUser(store)
    await storedSession(store)
    expectEqual(await store.sessions.listByUser(id, at(0)), [])
    expectEqual(await store.sessions.listByUser(aUser().id, at(0)), [])
  }),

  rule('leaves out what was revoked', async (store) => {
    const [ended, live] = await storedSessions(store, [{}, {}])
    await store.sessions.revoke(ended.id, 'logout', at(0))
    expectEqual(await store.sessions.listByUser(live.userId, at(0)), [live])
  }),

  ...(['idleExpiresAt', 'absoluteExpiresAt'] as const).map((limit) =>
    rule(`S060 S061 leaves out what has reached ${limit}, to the millisecond`, async (store) => {
      const { session } = await storedSession(store, { [limit]: at(HOUR / 2) })
      const listAt = (now: Date) => store.sessions.listByUser(session.userId, now)
      expectEqual(await listAt(at(HOUR / 2 - 1)), [session])
      expectEqual(await listAt(at(HOUR / 2)), [])
      expectEqual(await listAt(at(HOUR / 2 + 1)), [])
    }),
  ),
])

export const sessionSections = [reading, listing]
