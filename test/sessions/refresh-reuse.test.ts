import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { intercept, nodeBeside } from '../support/nodes.ts'
import { accountOf, PASSWORD, type Setup, serveSetup, setUp } from '../support/setup.ts'
import { forgedRefreshToken, renew } from '../support/tokens.ts'

/** A session with three generations, the first two spent more than the grace ago, and a second session beside it. */
async function spentTwice(setup: Setup = setUp()) {
  const { email, session: first } = await accountOf(setup)
  const beside = await setup.auth.login({ identifier: email, password: PASSWORD })
  const second = await renew(setup.auth, first)
  setup.clock.advance(60)
  const third = await renew(setup.auth, second)
  await setup.auth.authenticate(third.accessToken)
  setup.clock.advance(60)
  return { ...setup, email, beside, first, second, third }
}

describe('S058 a spent token after the grace', () => {
  it.each(['first', 'second'] as const)('ends the session: the %s of three', async (which) => {
    const { auth, store, ...tokens } = await spentTwice()
    await expect(renew(auth, tokens[which])).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(renew(auth, tokens.third)).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(auth.authenticate(tokens.third.accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
    const found = await store.sessions.find(tokens.first.sessionId)
    expect(found?.session).toMatchObject({ revokedReason: 'refresh_reuse' })
  })

  it('leaves the other sessions of the user alone', async () => {
    const { auth, first, beside } = await spentTwice()
    await expect(renew(auth, first)).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(auth.authenticate(beside.accessToken)).resolves.toBeDefined()
    await expect(renew(auth, beside)).resolves.toBeDefined()
  })

  it('S036 S115 is told by an event and by a message without secrets', async () => {
    const { auth, events, outbox, email, first } = await spentTwice()
    const client = { ip: '192.0.2.9', userAgent: 'somebody else' }
    await expect(renew(auth, first, client)).rejects.toMatchObject({ code: 'invalid_token' })
    await auth.close()
    const ended = events.filter(({ type }) => type === 'session.ended')
    expect(ended).toMatchObject([{ reason: 'refresh_reuse', sessionId: first.sessionId, client }])
    const message = await outbox.next('refresh_reuse', email)
    expect(`${message.text}${message.html}`).not.toContain(first.refreshToken)
    expect(message.link).toBeUndefined()
  })

  it('is told once when it comes again', async () => {
    const { auth, events, outbox, first } = await spentTwice()
    for (let times = 0; times < 3; times += 1) {
      await expect(renew(auth, first)).rejects.toMatchObject({ code: 'invalid_token' })
    }
    await auth.close()
    expect(events.filter(({ type }) => type === 'session.ended')).toHaveLength(1)
    expect(outbox.messages.filter(({ kind }) => kind === 'refresh_reuse')).toHaveLength(1)
  })

  it('S022 is told once when it comes ten times at once', async () => {
    const { auth, events, outbox, first } = await spentTwice()
    await Promise.allSettled(Array.from({ length: 10 }, () => renew(auth, first)))
    await auth.close()
    expect(events.filter(({ type }) => type === 'session.ended')).toHaveLength(1)
    expect(outbox.messages.filter(({ kind }) => kind === 'refresh_reuse')).toHaveLength(1)
  })

  it('is recognised after a restart and after pruning, to the end of the session', async () => {
    const setup = await spentTwice()
    await setup.auth.close()
    const restarted = nodeBeside(setup)
    let tokens = await renew(restarted.auth, setup.third)
    for (let day = 0; day < 20; day += 1) {
      setup.clock.advance(86_400)
      tokens = await renew(restarted.auth, tokens)
      await restarted.auth.prune()
    }
    await expect(renew(restarted.auth, setup.first)).rejects.toMatchObject({
      code: 'invalid_token',
    })
    await expect(renew(restarted.auth, tokens)).rejects.toMatchObject({ code: 'invalid_token' })
  })
})

describe('a token that we never made', () => {
  it.each([
    ['with a wrong MAC', (token: string) => forgedRefreshToken(token)],
    ['of an older generation', (token: string) => forgedRefreshToken(token, 1)],
    ['of a generation to come', (token: string) => forgedRefreshToken(token, 4)],
    ['of the last generation of all', (token: string) => forgedRefreshToken(token, 999_999_999)],
    ['with the MAC of another generation', (token: string) => token.replace('.3.', '.1.')],
    ['with another key', (token: string) => token.replace(/^lk1\.[^.]+/, 'lk1.AAAAAAAAAAAA')],
  ])('%s never ends a session', async (_name, forge) => {
    const { auth, events, third } = await spentTwice()
    for (let times = 0; times < 3; times += 1) {
      const refreshToken = forge(third.refreshToken)
      await expect(auth.refresh({ refreshToken })).rejects.toMatchObject({ code: 'invalid_token' })
    }
    await expect(renew(auth, third)).resolves.toBeDefined()
    await auth.close()
    expect(events.map(({ type }) => type)).not.toContain('session.ended')
  })

  it('of the wrong form costs no call of the store', async () => {
    const calls: string[] = []
    const setup = setUp({ store: intercept(memoryStore(), (verb) => calls.push(verb)) })
    for (const refreshToken of ['', 'lk1', 'lk1.a.b.c.d', `lk1.${'a'.repeat(250)}`]) {
      await expect(setup.auth.refresh({ refreshToken })).rejects.toMatchObject({
        code: 'invalid_token',
      })
    }
    expect(calls).toEqual([])
  })
})

describe('S051 every refusal', () => {
  it('is answered alike, whatever its reason', async () => {
    const setup = setUp()
    const { first, third, beside } = await spentTwice(setup)
    const client = await serveSetup(setup)
    await setup.auth.logout(beside.refreshToken)
    const tokens = {
      forged: forgedRefreshToken(third.refreshToken),
      'of no session': forgedRefreshToken(
        'lk1.AAAAAAAAAAAA.0195f0a0-0000-7000-8000-000000000001.1.',
      ),
      malformed: 'lk1',
      empty: '',
      long: 'l'.repeat(300),
      'logged out': beside.refreshToken,
      reused: first.refreshToken,
      ended: third.refreshToken,
    }
    const answers = new Map<string, string[]>()
    for (const [name, refreshToken] of Object.entries(tokens)) {
      const { status, headers, text } = await client.post('/auth/refresh', { refreshToken })
      const shown = [...headers].filter(([header]) => header !== 'date')
      const answer = JSON.stringify([status, shown, text])
      answers.set(answer, [...(answers.get(answer) ?? []), name])
    }
    expect([...answers.values()]).toEqual([Object.keys(tokens)])
    expect([...answers.keys()][0]).toContain('invalid_token')
  })
})
