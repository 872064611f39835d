import type { Session } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { anEvent, aSession, aToken, at, aUser, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser, tokenNow } from './stored-records.ts'

/** Three moments that cannot be taken for one another. */
const LIMITS = { now: at(30 * HOUR), endedBefore: at(20 * HOUR), pendingBefore: at(10 * HOUR) }

/** How far from the limit, and whether it goes. */
const MARGINS = [
  { ms: -1, goes: true, title: '1 ms before' },
  { ms: 0, goes: false, title: 'just at' },
  { ms: 1, goes: false, title: '1 ms after' },
]

const ending = section('prune, what may go', [
  ...MARGINS.map(({ ms, goes, title }) =>
    rule(`${verb(goes)} a one-time token that expired ${title} \`now\``, async (store) => {
      const token = aToken(idNumber(1), { expiresAt: at(30 * HOUR + ms) })
      await store.oneTimeTokens.put(token)
      expectEqual(await store.prune(LIMITS), goes ? 1 : 0)
      expectEqual(await tokenNow(store, token), goes ? null : token)
    }),
  ),

  ...(['idleExpiresAt', 'absoluteExpiresAt', 'revokedAt'] as const).flatMap((limit) =>
    MARGINS.map(({ ms, goes, title }) =>
      rule(`${verb(goes)} a session whose ${limit} was ${title} \`endedBefore\``, async (store) => {
        const session = await longSession(store, { [limit]: at(20 * HOUR + ms) })
        const found = await store.sessions.find(session.id)
        expectEqual(await store.prune(LIMITS), goes ? 1 : 0)
        expectEqual(await store.sessions.find(session.id), goes ? null : found)
      }),
    ),
  ),

  ...MARGINS.map(({ ms, goes, title }) =>
    rule(`${verb(goes)} a user deleted ${title} \`endedBefore\``, async (store) => {
      const updatedAt = at(20 * HOUR + ms)
      const user = await storedUser(store, { status: 'deleted', updatedAt })
      expectEqual(await store.prune(LIMITS), goes ? 1 : 0)
      expectEqual(await store.users.find(user.id), goes ? null : user)
    }),
  ),

  ...MARGINS.map(({ ms, goes, title }) =>
    rule(`${verb(goes)} a pending user last changed ${title} \`pendingBefore\``, async (store) => {
      const updatedAt = at(10 * HOUR + ms)
      const user = await storedUser(store, { status: 'pending', updatedAt })
      expectEqual(await store.prune(LIMITS), goes ? 1 : 0)
      expectEqual(await store.users.find(user.id), goes ? null : user)
    }),
  ),

  rule('answers the number of all that went, and then that nothing is left', async (store) => {
    await store.oneTimeTokens.put(aToken(idNumber(1)))
    await longSession(store, { revokedAt: at(0), revokedReason: 'logout' })
    await storedUser(store, { status: 'deleted' })
    await storedUser(store, { status: 'pending' })
    expectEqual(await store.prune(LIMITS), 4)
    expectEqual(await store.prune(LIMITS), 0)
  }),

  rule('frees the identifiers of a user who went', async (store) => {
    await storedUser(store, { status: 'pending', username: 'ada' })
    await store.prune(LIMITS)
    const next = await storedUser(store, { username: 'ada' })
    const found = await store.users.findByIdentifier({ kind: 'username', value: 'ada' })
    expectEqual(found, next)
  }),
])

const staying = section('prune, what must stay', [
  rule('S021 a pending user whose record was touched since', async (store) => {
    const { id } = await storedUser(store, { status: 'pending' })
    const touched = await store.users.update(id, 1, { updatedAt: at(10 * HOUR) })
    expectEqual(await store.prune(LIMITS), 0)
    expectEqual(await store.users.find(id), touched)
  }),

  ...(['active', 'disabled'] as const).map((status) =>
    rule(`a user who is ${status}, however old`, async (store) => {
      const user = await storedUser(store, { status, createdAt: at(0), updatedAt: new Date(0) })
      expectEqual(await store.prune(LIMITS), 0)
      expectEqual(await store.users.find(user.id), user)
    }),
  ),

  rule('an old session that is alive', async (store) => {
    const session = await longSession(store, { createdAt: new Date(0), lastSeenAt: new Date(0) })
    expectEqual(await store.prune(LIMITS), 0)
    expectEqual((await store.sessions.find(session.id))?.session, session)
  }),

  rule('a session that ended since, of a user who was disabled', async (store) => {
    const ended = { revokedAt: at(20 * HOUR), revokedReason: 'logout' } as const
    const session = await longSession(store, { ...ended, idleExpiresAt: at(20 * HOUR) })
    await store.users.update(session.userId, 1, { status: 'disabled' })
    expectEqual(await store.prune(LIMITS), 0)
    expectEqual((await store.sessions.find(session.id))?.session, session)
  }),

  rule('a token that is alive, whose code expired, without attempts or user', async (store) => {
    const spent = { attemptsLeft: 0, codeExpiresAt: at(1), expiresAt: at(40 * HOUR) }
    const token = aToken(idNumber(1), spent)
    await store.oneTimeTokens.put(token)
    expectEqual(await store.prune(LIMITS), 0)
    expectEqual(await tokenNow(store, token), token)
  }),

  rule('every event', async (store) => {
    const event = anEvent({ at: new Date(0) })
    await store.events.append([event])
    expectEqual(await store.prune(LIMITS), 0)
    const page = await store.events.list({ limit: 10, cursor: null, userId: null })
    expectEqual(page.events, [event])
  }),
])

/** More than fit into a batch. */
const LOT = Array.from({ length: 1100 }, (_, index) => index)

const batches = section(`prune, ${LOT.length} at once`, [
  rule('deletes one-time tokens to the last', async (store) => {
    const tokens = LOT.map((n) => aToken(idNumber(n)))
    await insertAll(tokens, (token) => store.oneTimeTokens.put(token))
    expectEqual(await store.prune(LIMITS), LOT.length)
    expectEqual(await store.prune(LIMITS), 0)
  }),

  rule('deletes sessions to the last', async (store) => {
    const { id } = await storedUser(store)
    const sessions = LOT.map(() => aSession(id))
    await insertAll(sessions, (session) => store.sessions.insert(session))
    expectEqual(await store.prune(LIMITS), LOT.length)
    expectEqual((await store.sessions.listByUser(id, at(0))).length, 0)
  }),

  ...(['pending', 'deleted'] as const).map((status) =>
    rule(`deletes users who are ${status} to the last`, async (store) => {
      const users = LOT.map(() => aUser({ status }))
      await insertAll(users, (user) => store.users.insert(user))
      expectEqual(await store.prune(LIMITS), LOT.length)
      expectEqual(await store.prune(LIMITS), 0)
    }),
  ),
])

export const pruneSections = [ending, staying, batches]

function verb(goes: boolean): string {
  return goes ? 'deletes' : 'keeps'
}

/** A session of a new user, that lives on beyond every limit. */
async function longSession(store: Store, patch: Partial<Session>): Promise<Session> {
  const { id } = await storedUser(store)
  const far = { idleExpiresAt: at(99 * HOUR), absoluteExpiresAt: at(99 * HOUR) }
  const session = aSession(id, { ...far, ...patch })
  await store.sessions.insert(session)
  return session
}
