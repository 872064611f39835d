import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { intercept, nodeBeside } from '../support/nodes.ts'
import { accountOf, type Setup, serveSetup, setUp } from '../support/setup.ts'
import { renew } from '../support/tokens.ts'

/** A session on a store, and a node that is interrupted right before each of its rotations. */
async function interruptedNode(interrupt: (first: Setup, times: number) => Promise<unknown>) {
  const first = setUp({ store: memoryStore() })
  const { session } = await accountOf(first)
  let times = 0
  const store = intercept(first.store, async (verb) => {
    if (verb !== 'sessions.rotate') return
    times += 1
    await interrupt(first, times)
  })
  const node = nodeBeside({ ...first, store })
  const sessionNow = async () => (await first.store.sessions.find(session.sessionId))?.session
  return { first, node, session, sessionNow, interruptions: () => times }
}

describe('S059 fifty refreshes at once with one token', () => {
  it('all succeed and converge on one token, over HTTP', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const { session } = await accountOf(setup)
    const { refreshToken } = session
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => client.post('/auth/refresh', { refreshToken })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const tokens = new Set(answers.map(({ body }) => body.refreshToken))
    expect(tokens.size).toBe(1)
    const found = await setup.store.sessions.find(session.sessionId)
    expect(found?.session.generation).toBe(2)
    for (const { body } of answers) await setup.auth.authenticate(body.accessToken)
  })

  it('do so on three nodes with skewed clocks, generation after generation', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    const nodes = [setup, nodeBeside(setup, -2), nodeBeside(setup, 3)]
    let current = session.refreshToken
    for (let generation = 2; generation <= 6; generation += 1) {
      setup.clock.advance(600)
      const refreshToken = current
      const answers = await Promise.all(
        Array.from({ length: 51 }, (_, index) => nodes[index % 3]?.auth.refresh({ refreshToken })),
      )
      const tokens = new Set(answers.map((answer) => answer?.refreshToken))
      expect(tokens.size).toBe(1)
      current = [...tokens][0] ?? ''
    }
    expect(current).toContain('.6.')
  })

  it('write once, however many there are', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    await Promise.all(Array.from({ length: 50 }, () => renew(setup.auth, session)))
    await setup.auth.close()
    expect(setup.events.filter(({ type }) => type === 'session.refreshed')).toHaveLength(1)
  })

  it('recover a lost answer together, and converge again', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    await renew(setup.auth, session)
    setup.clock.advance(3600)
    const answers = await Promise.all(Array.from({ length: 50 }, () => renew(setup.auth, session)))
    const tokens = [...new Set(answers.map(({ refreshToken }) => refreshToken))]
    expect(tokens).toEqual([expect.stringContaining('.3.')])
    await expect(setup.auth.refresh({ refreshToken: tokens[0] ?? '' })).resolves.toBeDefined()
  })
})

describe('a refresh that somebody else was faster than', () => {
  it('gets what the other one made', async () => {
    const { node, session, interruptions } = await interruptedNode(async ({ auth }, times) => {
      if (times === 1) await renew(auth, session)
    })
    const tokens = await renew(node.auth, session)
    expect(tokens.refreshToken).toContain('.2.')
    expect(interruptions()).toBe(1)
  })

  it('recovers nothing once the successor has been seen meanwhile', async () => {
    const { first, node, session, sessionNow } = await interruptedNode(({ auth }) =>
      auth.authenticate(successor.accessToken),
    )
    const successor = await renew(first.auth, session)
    first.clock.advance(300)
    await expect(renew(node.auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await sessionNow()).toMatchObject({ generation: 2, revokedReason: 'refresh_reuse' })
  })

  it('is refused when the session was ended meanwhile', async () => {
    const { node, session, sessionNow } = await interruptedNode(({ auth }) =>
      auth.logout(session.refreshToken),
    )
    await expect(renew(node.auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await sessionNow()).toMatchObject({ generation: 1, revokedReason: 'logout' })
  })

  it('four times still gets its token the fifth time', async () => {
    const { node, session, interruptions } = await interruptedNode(
      async ({ auth, clock }, times) => {
        if (times === 5) return
        await renew(auth, session)
        clock.advance(36)
      },
    )
    await expect(renew(node.auth, session)).resolves.toMatchObject({
      refreshToken: expect.stringContaining('.6.'),
    })
    expect(interruptions()).toBe(5)
  })

  it('five times is asked to come again, and is not logged out', async () => {
    // Retries on another node, each more than the grace after the one before, rotate away under this one.
    const { first, node, session, sessionNow, interruptions } = await interruptedNode(
      async ({ auth, clock }) => {
        await renew(auth, session)
        clock.advance(36)
      },
    )
    const client = await serveSetup(node)
    const { refreshToken } = session
    const answer = await client.post('/auth/refresh', { refreshToken })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.body).toMatchObject({ code: 'unavailable' })
    expect(interruptions()).toBe(5)
    expect(await sessionNow()).toMatchObject({ generation: 6, revokedAt: null })
    await expect(renew(first.auth, session)).resolves.toBeDefined()
  })
})
