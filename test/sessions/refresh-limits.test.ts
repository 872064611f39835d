import type { User, UserPatch } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { changeUser } from '../support/changes.ts'
import { accountOf, setUp } from '../support/setup.ts'
import { partsOf, renew } from '../support/tokens.ts'

const DAY = 86_400

describe('S060 the idle limit', () => {
  it('ends a session that is not used for 7 days', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    setup.clock.advance(7 * DAY - 0.001)
    const tokens = await renew(setup.auth, session)
    setup.clock.advance(7 * DAY)
    await expect(renew(setup.auth, tokens)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('is moved by a refresh, and by an access token that is seen', async () => {
    const setup = setUp({ sessions: { idleLifetime: 1200 } })
    const { session } = await accountOf(setup)
    setup.clock.advance(599)
    await setup.auth.authenticate(session.accessToken)
    setup.clock.advance(1199)
    const tokens = await renew(setup.auth, session)
    setup.clock.advance(1199)
    await expect(renew(setup.auth, tokens)).resolves.toBeDefined()
  })

  it('is not moved by a replayed answer, whose access token it cuts short', async () => {
    const setup = setUp({
      accessToken: { lifetime: 60 },
      sessions: { idleLifetime: 120 },
      clockTolerance: 60,
    })
    const { session } = await accountOf(setup)
    await renew(setup.auth, session)
    setup.clock.advance(90)
    expect((await renew(setup.auth, session)).expiresIn).toBe(30)
    setup.clock.advance(30)
    await expect(renew(setup.auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
  })
})

describe('S061 the absolute limit', () => {
  it('ends a session that is refreshed every day, after 30 days', async () => {
    const setup = setUp()
    let { session: tokens } = await accountOf(setup)
    for (let day = 1; day < 30; day += 1) {
      setup.clock.advance(DAY)
      tokens = { ...tokens, ...(await renew(setup.auth, tokens)) }
    }
    setup.clock.advance(DAY - 0.001)
    tokens = { ...tokens, ...(await renew(setup.auth, tokens)) }
    setup.clock.advance(0.001)
    await expect(renew(setup.auth, tokens)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('ends the last access token too', async () => {
    const setup = setUp({ sessions: { idleLifetime: 1200, absoluteLifetime: 1800 } })
    const { session } = await accountOf(setup)
    setup.clock.advance(1000)
    const tokens = await renew(setup.auth, session)
    setup.clock.advance(500)
    const { accessToken, expiresIn } = await renew(setup.auth, tokens)
    expect(expiresIn).toBe(300)
    setup.clock.advance(299)
    await expect(setup.auth.authenticate(accessToken)).resolves.toBeDefined()
    setup.clock.advance(1)
    await expect(setup.auth.authenticate(accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })
})

describe('S062 a refresh looks at the account again', () => {
  const moved = ({ credentialEpoch }: User) => ({ credentialEpoch: credentialEpoch + 1 })
  const endings: Record<string, (user: User) => UserPatch> = {
    'was disabled': (user) => ({ status: 'disabled', ...moved(user) }),
    'was disabled, by a store that moved no epoch': () => ({ status: 'disabled' }),
    'was deleted': (user) => ({ status: 'deleted', ...moved(user) }),
    'is pending again': () => ({ status: 'pending' }),
    'has other credentials': moved,
  }
  it.each(Object.entries(endings))('and refuses when it %s', async (_name, patchFor) => {
    const setup = setUp()
    const { session, user } = await accountOf(setup)
    const spent = session
    const tokens = await renew(setup.auth, session)
    await changeUser(setup, user.id, patchFor)
    await expect(renew(setup.auth, tokens)).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(renew(setup.auth, spent)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('and never follows the credentials into their next epoch', async () => {
    const setup = setUp()
    const { session, user } = await accountOf(setup)
    await changeUser(setup, user.id, moved)
    await expect(renew(setup.auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
    const found = await setup.store.sessions.find(session.sessionId)
    expect(found?.session).toMatchObject({ generation: 1, revokedAt: null })
  })

  it('and puts changed roles into the new access token', async () => {
    const setup = setUp()
    const { session, user } = await accountOf(setup)
    await changeUser(setup, user.id, () => ({ roles: ['user', 'staff'], claimsVersion: 1 }))
    const { accessToken } = await renew(setup.auth, session)
    expect(partsOf(accessToken).claims).toMatchObject({ roles: ['user', 'staff'], cv: 1 })
    expect(await setup.auth.authenticate(accessToken)).toMatchObject({
      user: { roles: ['user', 'staff'] },
    })
  })

  it('and puts them into a replayed answer too', async () => {
    const setup = setUp()
    const { session, user } = await accountOf(setup)
    await renew(setup.auth, session)
    await changeUser(setup, user.id, () => ({ roles: ['staff'], claimsVersion: 1 }))
    const { accessToken } = await renew(setup.auth, session)
    expect(await setup.auth.authenticate(accessToken)).toMatchObject({ user: { roles: ['staff'] } })
  })

  it('and keeps when and how the user logged in', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    setup.clock.advance(DAY)
    const { accessToken } = await renew(setup.auth, session)
    const { authTime, amr } = (await setup.auth.authenticate(accessToken)).session
    expect({ authTime, amr }).toEqual({ authTime: new Date('2030-01-01T00:00:00Z'), amr: ['pwd'] })
  })
})
