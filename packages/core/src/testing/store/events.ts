import { expectEqual } from '../assertions.ts'
import { eventsWhere } from '../queries.ts'
import { fifty, MANY, race } from './race.ts'
import { anEvent, at, idNumber } from './records.ts'
import { rule, section } from './rule.ts'

const appending = section('events.append', [
  rule('gives back every member as it was, and no other', async (store) => {
    const full = anEvent({
      id: idNumber(2),
      at: at(7),
      type: 'login.failed',
      outcome: 'failure',
      userId: idNumber(3),
      actorId: idNumber(4),
      sessionId: idNumber(5),
      ip: '2001:db8::1',
      userAgent: 'Åda 💡',
      data: { reason: 'wrong_password', nested: { list: [1, null] } },
    })
    const bare = anEvent({ id: idNumber(1) })
    await store.events.append([full, bare])
    expectEqual(await store.events.list(eventsWhere({})), [full, bare])
  }),

  rule('changes nothing when the id exists, and still adds the others', async (store) => {
    const first = anEvent({ id: idNumber(1), type: 'first' })
    const other = anEvent({ id: idNumber(2) })
    await store.events.append([first])
    await store.events.append([{ ...first, type: 'again', data: { again: true } }, other])
    expectEqual(await store.events.list(eventsWhere({})), [other, first])
  }),

  rule('adds an event once that stands twice in one call', async (store) => {
    const event = anEvent()
    await store.events.append([event, event])
    expectEqual(await store.events.list(eventsWhere({})), [event])
  }),

  rule('adds nothing when there is nothing', async (store) => {
    await store.events.append([])
    expectEqual(await store.events.list(eventsWhere({})), [])
  }),

  rule('adds more than a thousand events of one call', async (store) => {
    const events = Array.from({ length: 1100 }, (_, n) => anEvent({ id: idNumber(n), at: at(n) }))
    await store.events.append(events)
    const listed = await store.events.list(eventsWhere({ limit: 2000 }))
    expectEqual(listed, events.reverse())
  }),

  rule(`adds one event once, of ${MANY} calls at once`, async (store) => {
    const event = anEvent()
    await race(store, fifty(idNumber), (id) => store.events.append([event, anEvent({ id })]))
    const events = await store.events.list(eventsWhere({}))
    expectEqual(events.length, MANY + 1)
    expectEqual(
      events.filter(({ id }) => id === event.id),
      [event],
    )
  }),
])

export const eventSections = [appending]
