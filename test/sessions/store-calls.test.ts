import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it, vi } from 'vitest'
import { changeUser, loginAgain } from '../support/changes.ts'
import { intercept } from '../support/nodes.ts'
import { accountOf, serveSetup, setUp } from '../support/setup.ts'
import { forgedRefreshToken, renew } from '../support/tokens.ts'

// No answer waits for these.
const BACKGROUND = ['events.append', 'sessions.evictBeyond', 'oneTimeTokens.take']

/** An account, and the calls that the store gets from then on. */
async function watched() {
  const calls: string[] = []
  const setup = setUp({ store: intercept(memoryStore(), (verb) => calls.push(verb)) })
  const { session, user } = await accountOf(setup)
  const client = await serveSetup(setup)
  const callsOf = async (work: () => Promise<unknown>) => {
    calls.length = 0
    await work().catch(() => {})
    return calls.filter((verb) => !BACKGROUND.includes(verb))
  }
  return { setup, session, user, client, callsOf }
}

describe('the store is asked', () => {
  it('once for an access token, and then no more', async () => {
    const { setup, session, callsOf } = await watched()
    const calls = () => callsOf(() => setup.auth.authenticate(session.accessToken))
    expect(await calls()).toEqual(['sessions.confirm'])
    // The feed begins with the first token.
    await vi.waitFor(async () => expect(await calls()).toEqual([]))
    expect(await calls()).toEqual([])
  })

  it('once for many who bring a new access token at the same time', async () => {
    const { setup, session, callsOf } = await watched()
    const old = await callsOf(() => setup.auth.authenticate(session.accessToken))
    expect(old).toEqual(['sessions.confirm'])
    await vi.waitFor(async () =>
      expect(await callsOf(() => setup.auth.authenticate(session.accessToken))).toEqual([]),
    )
    const { accessToken } = await renew(setup.auth, session)
    const many = Array.from({ length: 50 }, () => accessToken)
    const calls = await callsOf(() =>
      Promise.all(many.map((token) => setup.auth.authenticate(token))),
    )
    expect(calls).toEqual(['sessions.confirm'])
  })

  it('every time where that is wanted', async () => {
    const { setup, session, callsOf } = await watched()
    for (let times = 0; times < 3; times += 1) {
      const calls = await callsOf(() => setup.auth.authenticate(session.accessToken, 'strict'))
      expect(calls).toEqual(['sessions.confirm'])
    }
  })

  it('once for a guarded route', async () => {
    const { client, session, callsOf } = await watched()
    const calls = await callsOf(() => client.get('/protected', session.accessToken))
    expect(calls).toEqual(['sessions.confirm'])
  })

  it('never for an access token that is not ours', async () => {
    const { setup, session, callsOf } = await watched()
    for (const token of ['', 'nonsense', `${session.accessToken}=`, session.refreshToken]) {
      expect(await callsOf(() => setup.auth.authenticate(token))).toEqual([])
    }
    setup.clock.advance(600)
    expect(await callsOf(() => setup.auth.authenticate(session.accessToken))).toEqual([])
  })

  it('once to read and once to write for a refresh', async () => {
    const { setup, session, callsOf } = await watched()
    const calls = await callsOf(() => renew(setup.auth, session))
    expect(calls).toEqual(['sessions.find', 'sessions.rotate'])
  })

  it('once for a replay and for a forged token, which write nothing', async () => {
    const { setup, session, callsOf } = await watched()
    await renew(setup.auth, session)
    expect(await callsOf(() => renew(setup.auth, session))).toEqual(['sessions.find'])
    const forged = forgedRefreshToken(session.refreshToken)
    const calls = await callsOf(() => setup.auth.refresh({ refreshToken: forged }))
    expect(calls).toEqual(['sessions.find'])
  })

  it('three times for a login', async () => {
    const { setup, callsOf } = await watched()
    const calls = await callsOf(() => loginAgain(setup))
    expect(calls).toEqual(['users.countFailedLogin', 'users.clearFailedLogins', 'sessions.insert'])
  })

  it('three times at most for a login that fails', async () => {
    const { setup, user, callsOf } = await watched()
    const wrong = { identifier: 'ada@example.com', password: 'wrong horse battery' }
    expect((await callsOf(() => setup.auth.login(wrong))).length).toBeLessThanOrEqual(3)
    const unknown = { ...wrong, identifier: 'nobody@example.com' }
    expect((await callsOf(() => setup.auth.login(unknown))).length).toBeLessThanOrEqual(3)
    await changeUser(setup, user.id, () => ({ status: 'disabled' }))
    expect((await callsOf(() => setup.auth.login(wrong))).length).toBeLessThanOrEqual(3)
  })

  it('twice for a logout', async () => {
    const { setup, session, callsOf } = await watched()
    const calls = await callsOf(() => setup.auth.logout(session.accessToken))
    expect(calls).toEqual(['sessions.find', 'sessions.revoke'])
  })
})
