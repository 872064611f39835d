import type { Context } from './context.ts'
import { type AuthEventType, outcomes, type RecordedEvent } from './events.ts'

/** The events of a type; of `*`, all of them. */
export type EventOf<Type extends AuthEventType | '*'> = Type extends '*'
  ? RecordedEvent
  : Extract<RecordedEvent, { readonly type: Type }>

/** Who wants to hear of what. */
export interface EventListeners {
  /** Tells the listener of every such event from now on. Call what comes back, and it hears no more. */
  on<Type extends AuthEventType | '*'>(
    type: Type,
    listener: (event: EventOf<Type>) => unknown,
  ): () => void
  /** Tells everybody who wants to hear of it, off the response path. A failure is reported. */
  tell(event: RecordedEvent): void
}

interface Subscription {
  readonly type: AuthEventType | '*'
  readonly listener: (event: never) => unknown
}

export function eventListeners({ later }: Pick<Context, 'later'>): EventListeners {
  const subscriptions = new Set<Subscription>()
  return {
    on(type, listener) {
      check(type, listener)
      const subscription = { type, listener }
      subscriptions.add(subscription)
      return () => void subscriptions.delete(subscription)
    },
    tell(event) {
      for (const subscription of subscriptions) {
        if (subscription.type !== '*' && subscription.type !== event.type) continue
        later('telling an event', async () => {
          // What it listens to is the type of this event.
          if (subscriptions.has(subscription)) await subscription.listener(event as never)
        })
      }
    },
  }
}

/** A listener to an event that there is none would never be told of anything. */
function check(type: string, listener: unknown): void {
  if (type !== '*' && !Object.hasOwn(outcomes, type)) {
    throw new TypeError(`on: there is no event "${type}": the first argument must name one, or "*"`)
  }
  if (typeof listener !== 'function') {
    throw new TypeError('on: the second argument must be a function')
  }
}
