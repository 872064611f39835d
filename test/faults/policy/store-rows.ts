import type { Store } from '@latchkey/core'
import { type FailureMoment, failingStore } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { expect } from 'vitest'
import { intercept } from '../../support/nodes.ts'
import { type HttpFlow, httpFlows } from './http-flows.ts'
import { eachOf, type PolicyRow } from './policy-row.ts'
import { expectDone, expectRefusedForNow, sceneOf } from './scene.ts'

const MAX_CALLS = 40

// Every flow that changes a record of its own account.
const CHANGING = [
  'activating',
  'changing the password',
  'resetting the password',
  'confirming another address',
  'deleting the own account',
  'accepting an invitation',
  'disabling an account',
]

export const storeRows: readonly PolicyRow[] = [
  {
    id: 'F1',
    meets: 'S103',
    fails: 'a call of the store that the answer waits for, before or after it was done',
    policy: 'fails closed: nobody is let in by it; the request can be sent again',
    answer: '503 `unavailable`, `Retry-After: 1`',
    cases: eachOf(httpFlows, async (flow) => {
      for (const moment of ['before', 'after'] as const) await failAtEachCall(flow, moment)
    }),
  },
  {
    id: 'F2',
    meets: 'S103',
    fails: 'a call of the store behind the answer, such as writing the audit log',
    policy: 'degrades: what was answered stands; `onError` is told',
    answer: 'as ever',
    cases: eachOf(httpFlows, failToLog),
  },
  {
    id: 'F3',
    meets: 'S103',
    fails: 'a write that lost against another to the same account',
    policy: 'is tried again with what the other has written, five times; then fails closed',
    answer: 'as ever; 503 `unavailable`, `Retry-After: 1`',
    cases: eachOf(
      httpFlows.filter(({ name }) => CHANGING.includes(name)),
      loseRaces,
    ),
  },
]

/** Once for each call of the store that the flow makes, until all have failed once. */
async function failAtEachCall(flow: HttpFlow, moment: FailureMoment): Promise<void> {
  let refused = 0
  for (let n = 1; n <= MAX_CALLS; n += 1) {
    const failing = failingStore(memoryStore())
    const { setup, ask } = await sceneOf(flow, { store: failing.store })
    failing.failAt(n, moment)
    const answer = await ask()
    await setup.auth.close()
    const failed = failing.heal()
    if (failed === null) {
      // Something must have failed, or this shows nothing.
      expect(refused).toBeGreaterThan(0)
      return expectDone(flow, answer)
    }
    if (answer.status === 503) {
      refused += 1
      expectRefusedForNow(answer, 'unavailable')
    } else expectDone(flow, answer)
    expect(setup.errors, failed).toHaveLength(1)
    // What was done already may be refused the second time. Nothing is half done.
    expect((await ask()).status).toBeLessThan(500)
  }
  expect.fail(`${flow.name} calls the store without end`)
}

async function failToLog(flow: HttpFlow): Promise<void> {
  let isDown = false
  const store = intercept(memoryStore(), (verb) => {
    if (isDown && verb === 'events.append') throw new Error('the log is down')
  })
  const { setup, ask } = await sceneOf(flow, { store })
  setup.events.length = 0
  isDown = true
  expectDone(flow, await ask())
  await setup.auth.close()
  const toBeLogged = setup.events.filter(({ type }) => type !== 'session.refreshed')
  expect(setup.errors.length > 0).toBe(toBeLogged.length > 0)
}

async function loseRaces(flow: HttpFlow): Promise<void> {
  for (const times of [4, 5]) {
    let left = 0
    const { ask, setup } = await sceneOf(flow, { store: losing(() => left-- > 0) })
    left = times
    const answer = await ask()
    if (times < 5) expectDone(flow, answer)
    else expectRefusedForNow(answer, 'unavailable')
    await setup.auth.close()
  }
}

/** A store on which somebody else is faster, as often as it is said to. */
function losing(loses: () => boolean): Store {
  const store = memoryStore()
  const update: Store['users']['update'] = async (id, version, patch) => {
    if (!loses()) return store.users.update(id, version, patch)
    const user = await store.users.find(id)
    if (user !== null) await store.users.update(id, user.version, { updatedAt: user.updatedAt })
    return store.users.update(id, version, patch)
  }
  const users = new Proxy(store.users, {
    get(target, key) {
      if (key === 'update') return update
      const verb: unknown = Reflect.get(target, key)
      return typeof verb === 'function' ? verb.bind(target) : verb
    },
  })
  return { ...store, users }
}
