import type { RevocationPush, Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { expect, vi } from 'vitest'
import { intercept } from '../../support/nodes.ts'
import { accountOf, serveSetup, setUp } from '../../support/setup.ts'
import type { PolicyRow } from './policy-row.ts'

export const revocationRows: readonly PolicyRow[] = [
  {
    id: 'F16',
    meets: 'S047',
    fails: 'a poll of the revocation feed',
    policy:
      'fails closed: 5 s after the last good one the store is asked for every request, and where that fails nobody is let in; `onError` is told, once for each outage',
    answer: 'as ever; 503 `unavailable`, `Retry-After: 1`, while the store does not answer',
    cases: {
      async 'a token that was seen before'() {
        const { store, calls, fail } = withoutFeed()
        const setup = setUp({ store })
        const { session } = await accountOf(setup)
        const client = await serveSetup(setup)
        const statusOf = async () => (await client.get('/protected', session.accessToken)).status
        await vi.waitFor(async () => {
          const before = calls.confirm
          expect(await statusOf()).toBe(200)
          expect(calls.confirm).toBe(before)
        })
        fail.feed = true
        await vi.waitFor(() => expect(setup.errors).toHaveLength(1), { timeout: 5000 })
        setup.clock.advance(6)
        const before = calls.confirm
        expect(await statusOf()).toBe(200)
        expect(calls.confirm).toBe(before + 1)
        expect(await setup.auth.ready()).toBe(false)
        fail.confirm = true
        expect(await statusOf()).toBe(503)
        fail.confirm = false
        await setup.auth.logout(session.refreshToken)
        expect(await statusOf()).toBe(401)
      },
    },
  },
  {
    id: 'F17',
    meets: 'S047',
    fails: 'a push channel of revocations',
    policy: 'degrades: other nodes hear of it with their next poll; `onError` is told',
    answer: 'as ever',
    cases: {
      async 'a logout'() {
        const push: RevocationPush = {
          announce: () => Promise.reject(new Error('nobody answers')),
          listen(_wake, failed) {
            failed(new Error('nobody answers'))
            return async () => {}
          },
        }
        const setup = setUp({ revocation: { push } })
        const { session } = await accountOf(setup)
        const client = await serveSetup(setup)
        expect((await client.get('/protected', session.accessToken)).status).toBe(200)
        await setup.auth.logout(session.refreshToken)
        expect((await client.get('/protected', session.accessToken)).status).toBe(401)
        await vi.waitFor(() => expect(setup.errors.length).toBeGreaterThanOrEqual(2))
      },
    },
  },
]

/** A store whose feed can fail, alone or with the verb that judges sessions. */
function withoutFeed() {
  const fail = { feed: false, confirm: false }
  const calls = { confirm: 0 }
  const failIf = (condition: boolean) => {
    if (condition) throw new Error('nobody answers')
  }
  const store = memoryStore()
  const failing: Store = {
    ...intercept(store, (verb) => {
      if (verb !== 'sessions.confirm') return
      calls.confirm += 1
      failIf(fail.confirm)
    }),
    async revokedSince(cursor) {
      failIf(fail.feed)
      return store.revokedSince(cursor)
    },
  }
  return { store: failing, calls, fail }
}
