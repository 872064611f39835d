import { setImmediate } from 'node:timers/promises'

// Milliseconds. A store that answers at once would otherwise keep everything else in the process waiting.
const MAX_TURN = 10

/** The items as they come, and between them a turn of the event loop when there was none for a while. */
export async function* inTurns<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let since = performance.now()
  for await (const item of items) {
    if (performance.now() - since >= MAX_TURN) {
      await setImmediate()
      since = performance.now()
    }
    yield item
  }
}
