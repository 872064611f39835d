import type { ShownTokens, Store } from '@latchkey/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { localPush } from '../support/local-push.ts'
import { intercept, nodeBeside } from '../support/nodes.ts'
import { accountOf, setUp } from '../support/setup.ts'
import { renew } from '../support/tokens.ts'

/** Whatever fails. */
const BOUND_MS = 5000

const PATIENCE = { timeout: 20_000 }

/** A node that acts, and one beside it, on the same clock, that has to hear of it; the store can be away for that one. */
function twoNodes() {
  const push = localPush()
  const acting = setUp({ revocation: { push } })
  const { store, clock } = acting
  const away = { feed: false, verbs: false }
  const failIf = (condition: boolean) => {
    if (condition) throw new Error('nobody answers')
  }
  let asked = 0
  const reached: Store = {
    ...intercept(store, (verb) => {
      failIf(away.verbs)
      if (verb === 'sessions.confirm') asked += 1
    }),
    async revokedSince(cursor) {
      failIf(away.feed)
      return store.revokedSince(cursor)
    },
  }
  const { auth, errors } = nodeBeside(acting, 0, { store: reached, revocation: { push } })

  /** Asks the second node, and resolves how often it asked the store for that. */
  const callsFor = async ({ accessToken }: ShownTokens) => {
    const before = asked
    await auth.authenticate(accessToken)
    return asked - before
  }
  return {
    acting,
    clock,
    callsFor,
    refuses: ({ accessToken }: ShownTokens) =>
      expect(auth.authenticate(accessToken)).rejects.toMatchObject({ code: 'invalid_token' }),
    login: async (name: string) => (await accountOf(acting, `${name}@example.com`)).session,
    /** Until the second node answers for the token from memory. */
    remember: (tokens: ShownTokens) =>
      vi.waitFor(async () => expect(await callsFor(tokens)).toBe(0), PATIENCE),
    /** The feed of the second node fails, and so does the rest of its store if it is an outage. */
    async cut(what: 'its feed' | 'its store') {
      away.feed = true
      away.verbs = what === 'its store'
      await push.announce()
      await vi.waitFor(() => expect(errors).toHaveLength(1), PATIENCE)
    },
    heal: () => void Object.assign(away, { feed: false, verbs: false }),
    hears: () => vi.waitFor(async () => expect(await auth.ready()).toBe(true), PATIENCE),
    unavailable: ({ accessToken }: ShownTokens) =>
      expect(auth.authenticate(accessToken)).rejects.toMatchObject({ code: 'unavailable' }),
  }
}

/** The clock that nobody sets: it stands still until it is told. */
function monotonicClock() {
  let milliseconds = performance.now()
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => milliseconds)
  onTestFinished(() => void spy.mockRestore())
  return {
    advance(seconds: number) {
      milliseconds += seconds * 1000
    },
  }
}

describe('S047 a node whose feed says nothing while', () => {
  it.each([
    ['it is suspended for a minute, which one clock does not count', 60, 0],
    ['it is suspended for a minute, which one clock alone counts', 0, 60],
    ['its clock is set back by a minute', -60, 5],
  ])('%s answers no request from memory', async (_what, byTheWall, byTheOther) => {
    const monotonic = monotonicClock()
    const { acting, clock, login, remember, cut, refuses, callsFor } = twoNodes()
    const [ada, bob] = [await login('ada'), await login('bob')]
    clock.advance(120)
    await remember(ada)
    await remember(bob)
    await cut('its feed')
    await acting.auth.logout(ada.refreshToken)
    expect(await callsFor(bob)).toBe(0)
    clock.advance(byTheWall)
    monotonic.advance(byTheOther)
    await refuses(ada)
    expect([await callsFor(bob), await callsFor(bob)]).toEqual([1, 1])
  })
})

describe('S047 a node whose store was away', () => {
  it.each([
    [30, 'hears what was revoked meanwhile, and relies on the rest', 0],
    [61, 'asks once for each token that it remembered', 1],
  ])('for %d s %s', async (seconds, _how, calls) => {
    const { acting, clock, login, remember, cut, heal, hears, ...other } = twoNodes()
    const [ada, bob, carol, dora] = [
      await login('ada'),
      await login('bob'),
      await login('carol'),
      await login('dora'),
    ]
    for (const tokens of [ada, bob, carol, dora]) await remember(tokens)
    await cut('its store')
    for (const { refreshToken } of [ada, bob]) await acting.auth.logout(refreshToken)
    clock.advance(seconds)
    await other.unavailable(carol)
    heal()
    await other.refuses(ada)
    expect(await other.callsFor(carol)).toBe(1)
    await hears()
    await other.refuses(bob)
    expect([await other.callsFor(dora), await other.callsFor(dora)]).toEqual([calls, 0])
  })
})

describe('S047 S058 a session that a spent refresh token ended', () => {
  it('is refused by another node as soon as it has heard of it', async () => {
    const { acting, clock, login, remember, refuses } = twoNodes()
    const first = await login('ada')
    const second = await renew(acting.auth, first)
    clock.advance(60)
    const third = await renew(acting.auth, second)
    await acting.auth.authenticate(third.accessToken)
    clock.advance(60)
    await remember(third)
    await expect(renew(acting.auth, first)).rejects.toMatchObject({ code: 'invalid_token' })
    await vi.waitFor(() => refuses(third), { timeout: BOUND_MS })
  })
})
