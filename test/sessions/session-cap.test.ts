import { expect, it } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import { nodeBeside } from '../support/nodes.ts'
import { accountOf, type Setup, setUp } from '../support/setup.ts'
import { renew } from '../support/tokens.ts'

/** An account with so many sessions, a second apart, the oldest first. */
async function sessions(setup: Setup, count: number) {
  const opened = [(await accountOf(setup)).session]
  while (opened.length < count) {
    setup.clock.advance(1)
    opened.push(await loginAgain(setup))
  }
  // Ends what runs in the background; a node beside goes on.
  await setup.auth.close()
  return { opened, auth: nodeBeside(setup).auth }
}

it('S063 the 26th login ends the oldest session, and says so', async () => {
  const setup = setUp()
  const { opened, auth } = await sessions(setup, 26)
  const [oldest, ...others] = opened
  await expect(auth.authenticate(oldest?.accessToken ?? '')).rejects.toMatchObject({
    code: 'invalid_token',
  })
  for (const tokens of others) await expect(renew(auth, tokens)).resolves.toBeDefined()
  const found = await setup.store.sessions.find(oldest?.sessionId ?? '')
  expect(found?.session.revokedReason).toBe('evicted')
})

it('S063 twenty-five sessions live side by side', async () => {
  const { opened, auth } = await sessions(setUp(), 25)
  for (const tokens of opened) await expect(renew(auth, tokens)).resolves.toBeDefined()
})

it('S063 an eviction is told by an event', async () => {
  const setup = setUp({ sessions: { maxPerUser: 1 } })
  const { opened } = await sessions(setup, 3)
  const evicted = setup.events.filter(({ type }) => type === 'session.oldest_evicted')
  const one = { userId: opened[0]?.user.id, count: 1 }
  expect(evicted).toMatchObject([one, one])
})

it('S063 one session is all there is where the option says so', async () => {
  const { opened, auth } = await sessions(setUp({ sessions: { maxPerUser: 1 } }), 3)
  const alive = await Promise.allSettled(opened.map((tokens) => renew(auth, tokens)))
  expect(alive.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})

it("S063 nobody's login ends the sessions of somebody else", async () => {
  const setup = setUp({ sessions: { maxPerUser: 1 } })
  const { session: bob } = await accountOf(setup, 'bob@example.com')
  const { auth } = await sessions(setup, 3)
  await expect(renew(auth, bob)).resolves.toBeDefined()
})
