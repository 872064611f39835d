import { expectEqual } from '../assertions.ts'
import { eventsWhere, placeOfEvent, placeOfUser, usersWhere } from '../queries.ts'
import {
  type RecordSet,
  withDate,
  withJson,
  withNumber,
  withText,
  withUserAgent,
} from './record-sets.ts'
import { anEvent, aRotation, aToken, at, aUser, HOUR, idNumber } from './records.ts'
import { type Rule, rule, section } from './rule.ts'
import { sessionNow, storedSession } from './stored-records.ts'
import { AWKWARD_JSON, LONG_TEXT, TEXTS } from './texts.ts'

/** Moments that a time zone, a column type or a rounding would change. */
const MOMENTS: Readonly<Record<string, string>> = {
  'the first moment of 1970': '1970-01-01T00:00:00.000Z',
  'one millisecond later': '1970-01-01T00:00:00.001Z',
  'a moment that no binary fraction of a second hits': '2030-01-01T00:00:00.987Z',
  'the last millisecond of a leap day': '2028-02-29T23:59:59.999Z',
  'the last millisecond before a leap second': '2016-12-31T23:59:59.999Z',
  'the moment after a leap second': '2017-01-01T00:00:00.000Z',
  'an hour that clocks in Europe skip': '2030-03-31T02:30:00.001Z',
  'the first of an hour that clocks in Europe show twice': '2030-10-27T00:30:00.001Z',
  'the second of an hour that clocks in Europe show twice': '2030-10-27T01:30:00.001Z',
  'an hour that clocks in America skip': '2030-03-10T02:30:00.001Z',
  'an hour that clocks in America show twice': '2030-11-03T06:30:00.001Z',
  'the second after the last of 32 bit': '2038-01-19T03:14:08.000Z',
  'the last millisecond of the year 9999': '9999-12-31T23:59:59.999Z',
}

/** Before every other, also among records of one moment. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** The largest number that every counter must hold. */
const MAX = 2 ** 31 - 1

const texts = section(
  'text is given back as it was',
  Object.entries(TEXTS).flatMap(([what, text]) => keptByEach(what, withText(text))),
)

const long = section('long text is given back as it was', [
  ...keptByEach('1000 characters of what a browser says of itself', withUserAgent(LONG_TEXT)),
  ...keptByEach('10,000 characters of JSON', withJson({ text: LONG_TEXT.repeat(10) })),
])

const json = section('JSON is given back as it was', [
  ...keptByEach('awkward keys and values', withJson(AWKWARD_JSON)),
  ...keptByEach('nothing', withJson({})),
])

const moments = section(
  'a date is given back to the millisecond',
  Object.entries(MOMENTS).flatMap(([what, text]) => keptByEach(what, withDate(new Date(text)))),
)

const numbers = section('numbers have room', [
  ...keptByEach(`the number ${MAX}`, withNumber(MAX)),

  rule(`users: the version goes on to ${MAX}`, async (store) => {
    const user = aUser({ version: MAX - 1, failedLogins: MAX - 1, username: 'ada' })
    await store.users.insert(user)
    const counted = await store.users.countFailedLogin({ kind: 'username', value: 'ada' })
    expectEqual(counted, { ...user, failedLogins: MAX })
    const patch = { credentialEpoch: MAX, claimsVersion: MAX }
    const updated = await store.users.update(user.id, MAX - 1, patch)
    expectEqual(updated, { ...user, ...patch, failedLogins: MAX, version: MAX })
  }),

  rule(`sessions: the generation goes on to ${MAX}`, async (store) => {
    const { session } = await storedSession(store, { generation: MAX - 1 })
    const patch = aRotation({ generation: MAX, parentGeneration: MAX - 1, burntBelow: MAX })
    const expected = { generation: MAX - 1, unconfirmed: true }
    expectEqual(await store.sessions.rotate(session.id, expected, patch), true)
    const seen = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(0) }
    const confirmed = await store.sessions.confirm(session.id, MAX, seen)
    expectEqual(confirmed?.session.confirmedGeneration, MAX)
    expectEqual(await sessionNow(store, session), confirmed?.session)
  }),

  rule(`one-time tokens: attempts are counted down from ${MAX}`, async (store) => {
    const token = aToken(idNumber(1), { attemptsLeft: MAX })
    expectEqual(await store.oneTimeTokens.put(token), MAX)
    const tried = await store.oneTimeTokens.tryCode(token.userId, 'activate', at(0))
    expectEqual(tried, { ...token, attemptsLeft: MAX - 1 })
  }),
])

export const valueSections = [texts, long, json, moments, numbers]

/** A rule for each kind of record. */
function keptByEach(what: string, { user, session, token, event }: RecordSet): Rule[] {
  return [
    rule(`users: ${what}`, async (store) => {
      await store.users.insert(user)
      expectEqual(await store.users.find(user.id), user)
      for (const kind of ['email', 'username'] as const) {
        const identifier = { kind, value: user[kind] ?? '' }
        expectEqual(await store.users.findByIdentifier(identifier), user)
      }
      const [role = ''] = user.roles
      expectEqual(await store.users.countAdmins({ role, except: null }), 1)
    }),

    rule(`users, listed: ${what}`, async (store) => {
      await store.users.insert(user)
      const { createdAt, deleteAfter, email, roles } = user
      const conditions = { prefix: email || null, role: roles[0] ?? null, createdFrom: createdAt }
      for (const sort of ['createdAt', 'email', 'username'] as const) {
        const query = usersWhere({ ...conditions, sort })
        const listed = await store.users.list(query)
        expectEqual(listed, user[sort] === null ? [] : [user], `by ${sort}`)
        expectEqual(await store.users.list({ ...query, createdBefore: createdAt }), [])
        expectEqual(await store.users.list({ ...query, after: placeOfUser(user, query) }), [])
      }
      const due = await store.users.listDueForDeletion(deleteAfter ?? at(0), 1)
      expectEqual(due, deleteAfter === null ? [] : [user])
    }),

    rule(`sessions: ${what}`, async (store) => {
      await store.users.insert(user)
      await store.sessions.insert(session)
      expectEqual(await store.sessions.find(session.id), { session, user })
    }),

    rule(`one-time tokens: ${what}`, async (store) => {
      expectEqual(await store.oneTimeTokens.put(token), token.attemptsLeft)
      const { linkHash, purpose, userId } = token
      expectEqual(await store.oneTimeTokens.find(linkHash, purpose, new Date(0)), token)
      expectEqual(await store.oneTimeTokens.list(userId, purpose, new Date(0), 1), [token])
      expectEqual(await store.oneTimeTokens.take(linkHash, purpose, new Date(0)), token)
    }),

    rule(`events: ${what}`, async (store) => {
      await store.events.append([event, anEvent({ at: new Date(0), id: FIRST_ID })])
      const { at: from, type } = event
      const query = eventsWhere({ limit: 1, type: type || null, from })
      expectEqual(await store.events.list(query), [event])
      expectEqual(await store.events.list({ ...query, before: from }), [])
      const next = await store.events.list(eventsWhere({ after: placeOfEvent(event) }))
      expectEqual(
        next.map(({ id }) => id),
        [FIRST_ID],
      )
    }),
  ]
}
