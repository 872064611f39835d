import { listEvents, listEventsInput } from '../admin/list-events.ts'
import { listOwnEvents, listOwnEventsInput } from '../flows/list-own-events.ts'
import { shownEvent, shownOwnEvent } from '../shown.ts'
import { eventPageSchema, ok } from './answer.ts'
import { queryString } from './door.ts'
import { ownWith, type Route } from './route.ts'

/** The audit log. */
export const eventRoutes: readonly Route[] = [
  ownWith({
    method: 'GET',
    path: '/events',
    operation: 'listEvents',
    summary: 'List what happened, to whomever, newest first',
    permission: 'events:read',
    input: listEventsInput,
    door: queryString,
    answers: ok(eventPageSchema, 'A page of the audit log.'),
    async handle(ctx, principal, input, { client }) {
      const { events, cursor } = await listEvents(ctx, principal, input, client)
      return { events: events.map(shownEvent), cursor }
    },
  }),
  ownWith({
    method: 'GET',
    path: '/me/events',
    operation: 'listOwnEvents',
    summary: 'List what happened to the own account, newest first',
    input: listOwnEventsInput,
    door: queryString,
    answers: ok(eventPageSchema, 'A page of the audit log.'),
    async handle(ctx, principal, input) {
      const { events, cursor } = await listOwnEvents(ctx, principal, input)
      return { events: events.map((event) => shownOwnEvent(ctx, event)), cursor }
    },
  }),
]
