import { describe, expect, it } from 'vitest'
import { nodeBeside } from '../support/nodes.ts'
import { accountOf, setUp } from '../support/setup.ts'
import { renew } from '../support/tokens.ts'

const HOUR = 3600

/** A session whose first refresh token has been spent, and the answer got lost. */
async function lostOnce() {
  const setup = setUp()
  const { session } = await accountOf(setup)
  const lost = await renew(setup.auth, session)
  setup.clock.advance(HOUR)
  const endedFor = async () =>
    (await setup.store.sessions.find(session.sessionId))?.session.revokedReason
  return { ...setup, session, lost, endedFor }
}

describe('S058 a lost answer', () => {
  it('is made good an hour later by the token that it answered', async () => {
    const { auth, events, session, lost } = await lostOnce()
    const recovered = await renew(auth, session)
    expect(recovered.refreshToken).not.toBe(lost.refreshToken)
    await expect(auth.authenticate(recovered.accessToken)).resolves.toBeDefined()
    await expect(renew(auth, recovered)).resolves.toBeDefined()
    await auth.close()
    expect(events.map(({ type }) => type)).toContain('session.refresh_recovered')
  })

  it('may be followed by a second one, and by as many as there are', async () => {
    const { auth, clock, session, endedFor } = await lostOnce()
    for (let lost = 0; lost < 5; lost += 1) {
      await renew(auth, session)
      clock.advance(HOUR)
    }
    const arrived = await renew(auth, session)
    await expect(auth.authenticate(arrived.accessToken)).resolves.toBeDefined()
    expect(await endedFor()).toBeNull()
  })

  it('may be the first of a longer line, with answers that arrived between', async () => {
    const { auth, clock, session, endedFor } = await lostOnce()
    let tokens = await renew(auth, session)
    for (let round = 0; round < 4; round += 1) {
      await auth.authenticate(tokens.accessToken)
      await renew(auth, tokens)
      clock.advance(HOUR)
      await renew(auth, tokens)
      clock.advance(HOUR)
      tokens = await renew(auth, tokens)
    }
    expect(await endedFor()).toBeNull()
  })

  it('opens a new window, in which the token is replayed', async () => {
    const { auth, clock, session } = await lostOnce()
    const recovered = await renew(auth, session)
    clock.advance(35)
    expect((await renew(auth, session)).refreshToken).toBe(recovered.refreshToken)
    clock.advance(1)
    expect((await renew(auth, session)).refreshToken).not.toBe(recovered.refreshToken)
  })

  it('is made good by a token that rotates like any other', async () => {
    const { auth, session, endedFor } = await lostOnce()
    const second = await renew(auth, session)
    const third = await renew(auth, second)
    expect(third.refreshToken).not.toBe(second.refreshToken)
    expect(await endedFor()).toBeNull()
    await expect(renew(auth, session)).resolves.toMatchObject({ refreshToken: third.refreshToken })
  })

  it('is made good also where the node that recovers has another clock', async () => {
    const setup = await lostOnce()
    const [slow, fast] = [nodeBeside(setup, -2), nodeBeside(setup, 3)]
    const recovered = await renew(slow.auth, setup.session)
    expect((await renew(fast.auth, setup.session)).refreshToken).toBe(recovered.refreshToken)
    await expect(renew(fast.auth, recovered)).resolves.toBeDefined()
  })
})

describe('S058 the generation that was lost', () => {
  it('is burnt by the recovery: its access token is refused, and the session lives', async () => {
    const { auth, clock, session, endedFor } = await lostOnce()
    const lost = await renew(auth, session)
    clock.advance(36)
    const recovered = await renew(auth, session)
    await expect(auth.authenticate(lost.accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
    await expect(auth.authenticate(recovered.accessToken)).resolves.toBeDefined()
    expect(await endedFor()).toBeNull()
  })

  it('is burnt as a refresh token too: whoever shows it ends the session', async () => {
    const { auth, session, lost, endedFor } = await lostOnce()
    const recovered = await renew(auth, session)
    await expect(renew(auth, lost)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await endedFor()).toBe('refresh_reuse')
    await expect(auth.authenticate(recovered.accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })

  it('is not lost once an access token of it was shown: then its parent ends the session', async () => {
    const { auth, clock, session, endedFor } = await lostOnce()
    const second = await renew(auth, session)
    await auth.authenticate(second.accessToken)
    clock.advance(36)
    await expect(renew(auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await endedFor()).toBe('refresh_reuse')
  })

  it('is not lost once its refresh token was shown', async () => {
    const { auth, clock, session, lost, endedFor } = await lostOnce()
    await renew(auth, lost)
    clock.advance(36)
    await expect(renew(auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await endedFor()).toBe('refresh_reuse')
  })
})
