import { type ListEventsInput, listEvents, listEventsInput } from '../admin/list-events.ts'
import { type Actor, checkActor } from '../authority.ts'
import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import type { EventListeners } from '../event-listeners.ts'
import type { EventPage, ListOwnEventsInput } from '../event-pages.ts'
import type { GivenClient } from '../events.ts'
import { listOwnEvents, listOwnEventsInput } from '../flows/list-own-events.ts'
import { parseInput } from '../input.ts'
import { checkPrincipal, type Principal } from '../principal.ts'
import type { EventRecord } from '../records.ts'
import { type ShownEvent, shownEvent, shownOwnEvent } from '../shown.ts'

/** A page of the audit log, newest first. */
export interface ShownEventPage {
  readonly events: readonly ShownEvent[]
  /** What to ask for the next page with; `null` when this is the last. */
  readonly cursor: string | null
}

/** The audit log. */
export interface EventFunctions {
  /**
   * Tells the listener of every such event from now on, off the response path; of `*`, of all. It cannot veto: one that
   * fails is reported to `onError` and otherwise not felt. Call what comes back, and it hears no more.
   */
  readonly on: EventListeners['on']
  /** A page of the whole audit log, for whom their roles allow `events:read`, or for `'system'`. Throws `forbidden`. */
  listEvents(by: Actor, input?: ListEventsInput, client?: GivenClient): Promise<ShownEventPage>
  /** A page of what happened to the user's own account, as they may see it. */
  listOwnEvents(principal: Principal, input?: ListOwnEventsInput): Promise<ShownEventPage>
}

export function eventFunctions(ctx: Context, on: EventListeners['on']): EventFunctions {
  return {
    on,
    async listEvents(by, input = {}, client) {
      const actor = checkActor('listEvents', by)
      const parsed = parseInput(listEventsInput, input)
      return shownPage(await listEvents(ctx, actor, parsed, describeClient(client)), shownEvent)
    },
    listOwnEvents: async (principal, input = {}) =>
      shownPage(
        await listOwnEvents(
          ctx,
          checkPrincipal('listOwnEvents', principal),
          parseInput(listOwnEventsInput, input),
        ),
        (event) => shownOwnEvent(ctx, event),
      ),
  }
}

function shownPage(
  { events, cursor }: EventPage,
  shown: (event: EventRecord) => ShownEvent,
): ShownEventPage {
  return { events: events.map(shown), cursor }
}
