import type { Principal, ShownTokens, User, UserPatch } from '@latchkey/core'
import { describe, expect, it, vi } from 'vitest'
import { changeUser, loginAgain } from '../support/changes.ts'
import type { HttpClient } from '../support/http-client.ts'
import { localPush } from '../support/local-push.ts'
import { nodeBeside } from '../support/nodes.ts'
import { accountOf, PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'
import { renew } from '../support/tokens.ts'

const newPassword = 'another horse battery'

interface Revoked {
  readonly setup: Setup
  readonly tokens: ShownTokens
  readonly userId: string
  readonly principal: Principal
}

const moved = ({ credentialEpoch }: User) => ({ credentialEpoch: credentialEpoch + 1 })

function asAdministrator(patchFor: (user: User) => UserPatch) {
  return ({ setup, userId }: Revoked) => changeUser(setup, userId, patchFor)
}

/** Everything that ends a session, and leaves an access token of ten minutes behind. */
const endings: Readonly<Record<string, (given: Revoked) => Promise<unknown>>> = {
  'a logout': ({ setup, tokens }) => setup.auth.logout(tokens.refreshToken),
  'a revocation': ({ setup, tokens }) => setup.auth.revoke({ token: tokens.accessToken }),
  'its end by hand': ({ setup, principal }) =>
    setup.auth.endSession(principal, principal.session.id),
  'the end of all others': async ({ setup }) => {
    const other = await loginAgain(setup)
    await setup.auth.endOtherSessions(await setup.auth.authenticate(other.accessToken))
  },
  'a change of the password': ({ setup, principal }) =>
    setup.auth.changePassword(principal, { currentPassword: PASSWORD, newPassword }),
  'a reset of the password': async ({ setup }) => {
    await setup.auth.forgotPassword({ identifier: 'ada@example.com' })
    const { link } = await setup.outbox.next('reset_password', 'ada@example.com')
    await setup.auth.resetPassword({ token: tokenIn(link), newPassword })
  },
  'a disabling': asAdministrator((user) => ({ status: 'disabled', ...moved(user) })),
  'a deletion': asAdministrator((user) => ({ status: 'deleted', email: null, ...moved(user) })),
  'a move of the credential epoch': asAdministrator(moved),
}

async function statuses(client: HttpClient, tokens: ShownTokens): Promise<readonly number[]> {
  const answers = [
    await client.get('/protected', tokens.accessToken),
    await client.get('/open', tokens.accessToken),
    await client.get('/auth/me', tokens.accessToken),
    await client.delete('/auth/sessions', tokens.accessToken),
    await client.post('/auth/refresh', undefined, tokens.refreshToken),
  ]
  return answers.map(({ status }) => status)
}

/** Those that no node does: all of them have to hear of it. */
const outside = new Set(['a disabling', 'a deletion', 'a move of the credential epoch'])

async function heard(client: HttpClient, { accessToken }: ShownTokens): Promise<void> {
  await vi.waitFor(async () => {
    expect((await client.get('/protected', accessToken)).status).toBe(401)
  })
}

describe.each(Object.entries(endings))('S047 after %s', (name, end) => {
  it('access and refresh token are refused from the next request on, on every node', async () => {
    const push = localPush()
    const setup = setUp({ revocation: { push } })
    const client = await serveSetup(setup)
    const elsewhere = await serveSetup(nodeBeside(setup, 3, { revocation: { push } }))
    const { session, user } = await accountOf(setup)
    const tokens = await renew(setup.auth, session)
    const principal = await setup.auth.authenticate(tokens.accessToken)
    expect((await elsewhere.get('/protected', tokens.accessToken)).status).toBe(200)

    await end({ setup, tokens, userId: user.id, principal })
    if (outside.has(name)) {
      await push.announce()
      await heard(client, tokens)
    }
    expect(await statuses(client, tokens)).toEqual([401, 401, 401, 401, 401])
    await heard(elsewhere, tokens)
    expect(await statuses(elsewhere, tokens)).toEqual([401, 401, 401, 401, 401])
    await expect(renew(setup.auth, session)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('somebody else goes on', async () => {
    const setup = setUp()
    const { session: bob } = await accountOf(setup, 'bob@example.com')
    const { session, user } = await accountOf(setup)
    const principal = await setup.auth.authenticate(session.accessToken)
    await end({ setup, tokens: session, userId: user.id, principal })
    await expect(setup.auth.authenticate(bob.accessToken)).resolves.toBeDefined()
    await expect(renew(setup.auth, bob)).resolves.toBeDefined()
  })
})

describe('S047 S090 after a change of roles', () => {
  const staff = () => ({ roles: ['staff'], claimsVersion: 1 })

  it('the access token is stale, and a refresh goes on with the new roles', async () => {
    const push = localPush()
    const setup = setUp({ revocation: { push } })
    const client = await serveSetup(setup)
    const { session, user } = await accountOf(setup)
    expect((await client.get('/staff', session.accessToken)).status).toBe(403)
    await changeUser(setup, user.id, staff)
    await push.announce()
    await heard(client, session)

    const stale = await client.get('/staff', session.accessToken)
    expect([stale.status, stale.body.code]).toEqual([401, 'token_stale'])
    expect(stale.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    const tokens = await renew(setup.auth, session)
    expect((await client.get('/staff', tokens.accessToken)).status).toBe(200)
  })

  it('a role that was taken away lets nobody in any more', async () => {
    const push = localPush()
    const setup = setUp({ defaultRoles: ['staff'], revocation: { push } })
    const client = await serveSetup(setup)
    const { session, user } = await accountOf(setup)
    expect((await client.get('/staff', session.accessToken)).status).toBe(200)
    await changeUser(setup, user.id, () => ({ roles: [], claimsVersion: 1 }))
    await push.announce()
    await heard(client, session)
    const tokens = await renew(setup.auth, session)
    expect((await client.get('/staff', tokens.accessToken)).status).toBe(403)
  })

  it('what is wrong besides the roles is said first', async () => {
    const setup = setUp()
    const { session, user } = await accountOf(setup)
    await changeUser(setup, user.id, (record) => ({ ...staff(), ...moved(record) }))
    await expect(setup.auth.authenticate(session.accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })
})

describe('S035 a change of the password', () => {
  it('opens a session under the new credentials, which stays', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    const principal = await setup.auth.authenticate(session.accessToken)
    const input = { currentPassword: PASSWORD, newPassword }
    const fresh = await setup.auth.changePassword(principal, input)
    expect(fresh.sessionId).not.toBe(session.sessionId)
    await expect(setup.auth.authenticate(fresh.accessToken)).resolves.toBeDefined()
    await expect(renew(setup.auth, fresh)).resolves.toBeDefined()
  })
})
