import type { EventQuery } from '../../queries.ts'
import type { EventRecord } from '../../records.ts'
import { expectEqual } from '../assertions.ts'
import { eventPages, eventsWhere } from '../queries.ts'
import { newestFirst } from './event-pages.ts'
import { anEvent, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'

const [ADA, BOB, NOBODY] = [idNumber(101), idNumber(102), idNumber(999)]

/** What a careless comparison takes for one another. */
const TYPES = [
  'login.failed',
  'Login.failed',
  'login.failed ',
  'login_failed',
  'login%',
  'lógin.failed',
]

const conditions = section('events.list, conditions', [
  rule('gives nothing for a user without events', async (store) => {
    await store.events.append([anEvent({ userId: ADA, actorId: ADA }), anEvent()])
    expectEqual(await store.events.list(eventsWhere({ userId: NOBODY })), [])
    expectEqual(await store.events.list(eventsWhere({ actorId: NOBODY })), [])
  }),

  rule('does not give events about nobody to somebody', async (store) => {
    await store.events.append([anEvent(), anEvent({ actorId: ADA })])
    expectEqual(await store.events.list(eventsWhere({ userId: ADA })), [])
  }),

  rule('tells what somebody did from what happened to them', async (store) => {
    const [own, done, suffered] = [
      anEvent({ userId: ADA, actorId: ADA, at: at(3) }),
      anEvent({ userId: BOB, actorId: ADA, at: at(2) }),
      anEvent({ userId: ADA, actorId: BOB, at: at(1) }),
    ]
    await store.events.append([own, done, suffered, anEvent({ userId: ADA })])
    expectEqual(await store.events.list(eventsWhere({ actorId: ADA })), [own, done])
    expectEqual(await store.events.list(eventsWhere({ actorId: BOB })), [suffered])
    const both = await store.events.list(eventsWhere({ userId: ADA, actorId: BOB }))
    expectEqual(both, [suffered])
  }),

  rule('gives the events of a type, compared byte for byte', async (store) => {
    const events = TYPES.map((type) => anEvent({ type }))
    await store.events.append(events)
    for (const event of events) {
      const { type } = event
      expectEqual(await store.events.list(eventsWhere({ type })), [event], type)
    }
    expectEqual(await store.events.list(eventsWhere({ type: 'login' })), [])
  }),

  ...(['success', 'failure'] as const).map((outcome) =>
    rule(`gives the events that are a ${outcome}, and no other`, async (store) => {
      const events = (['success', 'failure'] as const).map((each) => anEvent({ outcome: each }))
      await store.events.append(events)
      const expected = events.filter((event) => event.outcome === outcome)
      expectEqual(await store.events.list(eventsWhere({ outcome })), expected)
    }),
  ),

  rule('gives the events from then on, to the millisecond', async (store) => {
    const [later, just, earlier] = eventsAround(HOUR)
    await store.events.append([earlier, just, later])
    expectEqual(await store.events.list(eventsWhere({ from: at(HOUR) })), [later, just])
  }),

  rule('gives the events before then, to the millisecond', async (store) => {
    const [later, just, earlier] = eventsAround(HOUR)
    await store.events.append([earlier, just, later])
    expectEqual(await store.events.list(eventsWhere({ before: at(HOUR) })), [earlier])
  }),

  rule('gives the events between two moments, and none between one and itself', async (store) => {
    const [later, just, earlier] = eventsAround(HOUR)
    await store.events.append([earlier, just, later])
    const between = (from: number, before: number) =>
      store.events.list(eventsWhere({ from: at(from), before: at(before) }))
    expectEqual(await between(HOUR - 1, HOUR + 1), [just, earlier])
    expectEqual(await between(HOUR, HOUR), [])
    expectEqual(await between(HOUR + 1, HOUR - 1), [])
  }),

  rule('S094 holds all conditions together, however combined', async (store) => {
    const events = everyKind()
    await store.events.append(events)
    for (const query of everyCombination()) {
      const expected = events.filter((event) => meets(event, query)).sort(newestFirst)
      const pages = await eventPages(store, query)
      expectEqual(pages.flat(), expected, JSON.stringify(query))
    }
  }),

  rule('S094 fills pages whatever the conditions leave out', async (store) => {
    await store.events.append(everyKind())
    const query = eventsWhere({ limit: 2, userId: ADA, type: 'one', outcome: 'failure' })
    const pages = await eventPages(store, query)
    expectEqual(
      pages.map(({ length }) => length),
      [2, 2, 2, 0],
    )
  }),
])

export const eventConditionSections = [conditions]

/** One after it, one just then, one before it. */
function eventsAround(milliseconds: number): [EventRecord, EventRecord, EventRecord] {
  const just = (ms: number) => anEvent({ at: at(milliseconds + ms) })
  return [just(1), just(0), just(-1)]
}

/** An event for each way to meet some of the conditions and not the others. */
function everyKind(): EventRecord[] {
  const events = [ADA, null].flatMap((userId) =>
    [BOB, null].flatMap((actorId) =>
      ['one', 'other'].flatMap((type) =>
        (['success', 'failure'] as const).flatMap((outcome) =>
          [-1, 0, HOUR].map((ms) => ({ userId, actorId, type, outcome, at: at(ms) })),
        ),
      ),
    ),
  )
  return events.map((event, n) => anEvent({ ...event, id: idNumber((n * 7) % events.length) }))
}

/** Each condition or none, in pages of five. */
function everyCombination(): EventQuery[] {
  return [null, ADA].flatMap((userId) =>
    [null, BOB].flatMap((actorId) =>
      [null, 'one'].flatMap((type) =>
        [null, 'failure' as const].flatMap((outcome) =>
          [null, at(0)].flatMap((from) =>
            [null, at(HOUR)].map((before) =>
              eventsWhere({ limit: 5, userId, actorId, type, outcome, from, before }),
            ),
          ),
        ),
      ),
    ),
  )
}

/** As the contract says. */
function meets(event: EventRecord, query: EventQuery): boolean {
  const { userId, actorId, type, outcome, from, before } = query
  return (
    (userId === null || event.userId === userId) &&
    (actorId === null || event.actorId === actorId) &&
    (type === null || event.type === type) &&
    (outcome === null || event.outcome === outcome) &&
    (from === null || event.at >= from) &&
    (before === null || event.at < before)
  )
}
