import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import { intercept, nodeBeside } from '../support/nodes.ts'
import { accountOf, serveSetup, setUp } from '../support/setup.ts'
import { partsOf, renew } from '../support/tokens.ts'

/** A session whose first refresh token has just been spent; `store.calls` begins after that. */
async function spentOnce(clockTolerance = 5) {
  const calls: string[] = []
  const store = intercept(memoryStore(), (verb) => calls.push(verb))
  const setup = setUp({ store, clockTolerance })
  const { session } = await accountOf(setup)
  const second = await renew(setup.auth, session)
  calls.length = 0
  const sessionNow = async () => (await setup.store.sessions.find(session.sessionId))?.session
  return { ...setup, calls, first: session, second, sessionNow }
}

describe('S057 the current refresh token', () => {
  it('gives a new pair, once more and once more', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    let { session: tokens } = await accountOf(setup)
    const seen = new Set([tokens.refreshToken])
    for (let generation = 2; generation <= 5; generation += 1) {
      setup.clock.advance(600)
      const { refreshToken } = tokens
      const answer = await client.post('/auth/refresh', { refreshToken })
      expect(answer.status).toBe(200)
      expect(answer.body).toEqual({
        accessToken: expect.any(String),
        refreshToken: expect.any(String),
        expiresIn: 600,
        tokenType: 'Bearer',
        sessionId: tokens.sessionId,
      })
      expect(partsOf(answer.body.accessToken).claims).toMatchObject({ gen: generation })
      expect((await client.get('/protected', answer.body.accessToken)).status).toBe(200)
      tokens = answer.body
      seen.add(tokens.refreshToken)
    }
    expect(seen.size).toBe(5)
  })

  it('is taken as a bearer token too', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const { session } = await accountOf(setup)
    const answer = await client.post('/auth/refresh', undefined, session.refreshToken)
    expect(answer.status).toBe(200)
    expect(answer.body.sessionId).toBe(session.sessionId)
  })

  it('S056 is nowhere in the store, nor is anything that makes one', async () => {
    const { store, first, second } = await spentOnce()
    const found = JSON.stringify(await store.sessions.find(first.sessionId))
    for (const token of [first.refreshToken, second.refreshToken]) {
      expect(found).not.toContain(token)
      expect(found).not.toContain(token.split('.').at(-1))
    }
  })

  it('S056 S107 rests on a salt of 128 bits that no other session has', async () => {
    const setup = setUp()
    await accountOf(setup)
    const opened = await Promise.all(Array.from({ length: 50 }, () => loginAgain(setup)))
    const salts = await Promise.all(
      opened.map(
        async ({ sessionId }) => (await setup.store.sessions.find(sessionId))?.session.salt,
      ),
    )
    expect(new Set(salts).size).toBe(50)
    for (const salt of salts) expect(Buffer.from(salt ?? '', 'base64url')).toHaveLength(16)
  })
})

describe('S057 a spent token within the grace', () => {
  it('gets the same successor, byte for byte, with a fresh access token, and writes nothing', async () => {
    const { auth, calls, first, second } = await spentOnce()
    const replayed = await renew(auth, first)
    expect(replayed.refreshToken).toBe(second.refreshToken)
    expect(replayed.accessToken).not.toBe(second.accessToken)
    expect(await auth.authenticate(replayed.accessToken)).toMatchObject({
      session: { id: first.sessionId },
    })
    expect(calls).toEqual(['sessions.find', 'sessions.confirm'])
  })

  it.each([
    [0, 30],
    [5, 35],
    [60, 90],
  ])(
    'is taken for 30 s and a tolerance of %i s, and not a moment longer',
    async (tolerance, grace) => {
      const { auth, clock, first, second } = await spentOnce(tolerance)
      await auth.authenticate(second.accessToken)
      clock.advance(grace)
      expect((await renew(auth, first)).refreshToken).toBe(second.refreshToken)
      clock.advance(0.001)
      await expect(renew(auth, first)).rejects.toMatchObject({ code: 'invalid_token' })
      await expect(renew(auth, second)).rejects.toMatchObject({ code: 'invalid_token' })
    },
  )

  it('opens no new window by being used', async () => {
    const { auth, clock, first, second } = await spentOnce()
    await auth.authenticate(second.accessToken)
    for (let seconds = 0; seconds < 35; seconds += 5) {
      clock.advance(5)
      expect((await renew(auth, first)).refreshToken).toBe(second.refreshToken)
    }
    clock.advance(1)
    await expect(renew(auth, first)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('leads to the newest token, however many have followed', async () => {
    const { auth, first, second } = await spentOnce()
    const fourth = await renew(auth, await renew(auth, second))
    expect((await renew(auth, first)).refreshToken).toBe(fourth.refreshToken)
    expect((await renew(auth, second)).refreshToken).toBe(fourth.refreshToken)
  })

  it('does not keep the session from its idle limit', async () => {
    const { auth, clock, first, sessionNow } = await spentOnce()
    const before = await sessionNow()
    clock.advance(30)
    await renew(auth, first)
    expect(await sessionNow()).toEqual(before)
  })

  it.each([5, 60])(
    'is taken by a node whose clock is %i s behind: its age counts as zero',
    async (behind) => {
      const setup = await spentOnce()
      const slow = nodeBeside(setup, -behind)
      expect((await renew(slow.auth, setup.first)).refreshToken).toBe(setup.second.refreshToken)
    },
  )

  it('is taken for 30 s of real time by a node whose clock is 5 s ahead', async () => {
    const setup = await spentOnce()
    setup.clock.advance(30)
    const fast = nodeBeside(setup, 5)
    expect((await renew(fast.auth, setup.first)).refreshToken).toBe(setup.second.refreshToken)
  })
})

describe('sixteen rotations within the grace', () => {
  it('are remembered, and the current token then gets itself, without a write', async () => {
    const { auth, calls, clock, first, second, sessionNow } = await spentOnce()
    let current = second
    for (let generation = 3; generation <= 17; generation += 1) current = await renew(auth, current)
    const full = await sessionNow()
    expect(full?.recent).toHaveLength(16)
    calls.length = 0

    expect((await renew(auth, current)).refreshToken).toBe(current.refreshToken)
    expect((await renew(auth, first)).refreshToken).toBe(current.refreshToken)
    expect(calls).toEqual(['sessions.find', 'sessions.find'])
    expect(await sessionNow()).toEqual(full)

    clock.advance(35.001)
    const next = await renew(auth, current)
    expect(next.refreshToken).not.toBe(current.refreshToken)
    expect((await sessionNow())?.recent).toHaveLength(1)
  })
})
