import type { Session } from '../../records.ts'
import type { PruneLimits, Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { eventsWhere } from '../queries.ts'
import { anEvent, aSession, aToken, at, aUser, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser, tokenNow } from './stored-records.ts'

/** Moments that cannot be taken for one another. */
export const LIMITS: PruneLimits = {
  now: at(30 * HOUR),
  endedBefore: at(20 * HOUR),
  pendingBefore: at(10 * HOUR),
  eventsBefore: at(5 * HOUR),
}

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

  ...MARGINS.map(({ ms, goes, title }) =>
    rule(`${verb(goes)} an event that happened ${title} \`eventsBefore\``, async (store) => {
      const event = anEvent({ at: at(5 * HOUR + ms) })
      await store.events.append([event])
      expectEqual(await store.prune(LIMITS), goes ? 1 : 0)
      expectEqual(await store.events.list(eventsWhere({})), goes ? [] : [event])
    }),
  ),

  rule('deletes of the events those before `eventsBefore`, and not one more', async (store) => {
    const events = Array.from({ length: 20 }, (_, n) =>
      anEvent({ id: idNumber((n * 7) % 20), at: at(5 * HOUR + ((n * 7) % 20) - 10) }),
    )
    await store.events.append(events)
    const newestFirst = events.toSorted((a, b) => +b.at - +a.at)
    expectEqual(await store.prune(LIMITS), 10)
    expectEqual(await store.events.list(eventsWhere({})), newestFirst.slice(0, 10))
  }),

  rule('lets a reader of the log go on from an event that went', async (store) => {
    const events = [3, 2, 1].map((n) => anEvent({ at: at(5 * HOUR + n) }))
    await store.events.append(events)
    const [first, second] = await store.events.list(eventsWhere({ limit: 2 }))
    const after = { at: second?.at ?? at(0), id: second?.id ?? '' }
    expectEqual(first, events[0])
    await store.prune({ ...LIMITS, eventsBefore: at(5 * HOUR + 3) })
    expectEqual(await store.events.list(eventsWhere({ after })), [])
    const late = anEvent({ at: at(5 * HOUR) })
    await store.events.append([late])
    expectEqual(await store.events.list(eventsWhere({ after })), [late])
  }),

  rule('answers the number of all that went, and then that nothing is left', async (store) => {
    await store.oneTimeTokens.put(aToken(idNumber(1)))
    await longSession(store, { revokedAt: at(0), revokedReason: 'logout' })
    await storedUser(store, { status: 'deleted' })
    await storedUser(store, { status: 'pending' })
    await store.events.append([anEvent(), anEvent({ at: at(5 * HOUR) })])
    expectEqual(await store.prune(LIMITS), 5)
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

  rule('a young event, whoever and whatever it names', async (store) => {
    const { id: userId } = await storedUser(store, { status: 'deleted' })
    const { id: actorId } = await storedUser(store, { status: 'pending' })
    const session = await longSession(store, { revokedAt: at(0), revokedReason: 'logout' })
    const young = { at: at(5 * HOUR), sessionId: session.id }
    const event = anEvent({ ...young, userId, actorId, outcome: 'failure' })
    await store.events.append([event])
    expectEqual(await store.prune(LIMITS), 3)
    expectEqual(await store.events.list(eventsWhere({})), [event])
  }),

  rule('what an old event names', async (store) => {
    const session = await longSession(store, {})
    const { id: sessionId, userId } = session
    await store.events.append([anEvent({ userId, actorId: userId, sessionId })])
    expectEqual(await store.prune(LIMITS), 1)
    expectEqual((await store.sessions.find(sessionId))?.session, session)
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

  rule('deletes events to the last', async (store) => {
    await store.events.append(LOT.map((n) => anEvent({ id: idNumber(n), at: at(n) })))
    expectEqual(await store.prune(LIMITS), LOT.length)
    expectEqual(await store.events.list(eventsWhere({})), [])
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
