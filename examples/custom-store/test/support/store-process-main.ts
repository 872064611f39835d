import { takenField } from '../../../../packages/core/src/unique-violation.ts'
import type { Answer } from '../../../../test/processes/protocol.ts'
import { lmdbStore } from '../../src/lmdb-store.ts'
import type { Call, Order } from './protocol.ts'

// A store on the file that is given, in a process of its own. The test speaks to it over the channel between the two.
const [, , path = ''] = process.argv
const store = lmdbStore({ path })

const now = () => performance.timeOrigin + performance.now()

async function answer({ verb, input }: Call): Promise<Answer> {
  const began = now()
  try {
    const value = await run(verb, input)
    return { code: 'ok', value, began, ended: now() }
  } catch (error) {
    const code = takenField(error) === 'email' ? 'email_taken' : 'unavailable'
    return { code, value: String(error), began, ended: now() }
  }
}

type Group = Readonly<Record<string, (...input: readonly unknown[]) => Promise<unknown>>>

/** The test says the right input. */
function run(path: string, input: readonly unknown[]): Promise<unknown> | undefined {
  const [verb = '', group] = path.split('.').reverse()
  const verbs = group === undefined ? store : Reflect.get(store, group)
  return (verbs as Group)[verb]?.(...input)
}

process.on('message', async ({ at, calls }: Order) => {
  // Timers are too rough: the other may have done it all within a few milliseconds.
  while (now() < at);
  process.send?.(await Promise.all(calls.map(answer)))
})
process.on('disconnect', () => process.exit())

process.send?.([])
