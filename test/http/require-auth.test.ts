import { ConfigurationError, createAuth, type Requirement } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { authOf, optionalAuthOf, requireAuth } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express5 from 'express'
import express4 from 'express4'
import { describe, expect, it, onTestFinished } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { changeUser } from '../support/changes.ts'
import { hosts } from '../support/hosts.ts'
import { httpClient } from '../support/http-client.ts'
import { expectProblem, settled } from '../support/problems.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, ORIGIN, PASSWORD, SECRET, setUp } from '../support/setup.ts'

for (const host of hosts) {
  describe(`served by ${host.name}`, () => {
    async function serveRoles() {
      const permissions = { staff: ['users:read'] }
      const setup = await host.setUp({ ...everyRoute, permissions })
      const client = await host.serve(setup.auth)
      const tokenOf = async (email: string, roles?: string[]) => {
        const { id } = await setup.auth.createUser({ email, password: PASSWORD })
        // Also roles that are not configured, which no function gives.
        if (roles !== undefined) await changeUser(setup, id, () => ({ roles }))
        return (await setup.auth.login({ identifier: email, password: PASSWORD })).accessToken
      }
      return { setup, client, tokenOf }
    }

    it('S086 lets in by role: nobody 401, another 403, the right one 200', async () => {
      const { client, tokenOf } = await serveRoles()
      expectProblem(await client.get('/staff'), 401, 'unauthenticated')
      const others = [undefined, [], ['STAFF'], ['staff.'], ['admin'], ['staf', 'staffs', 'user']]
      for (const [at, roles] of others.entries()) {
        const answer = await client.get('/staff', await tokenOf(`u${at}@example.com`, roles))
        expectProblem(answer, 403, 'forbidden')
        expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
      }
      const staff = await client.get('/staff', await tokenOf('s@example.com', ['user', 'staff']))
      expect(staff.status).toBe(200)
      expect(staff.body.user.roles).toEqual(['user', 'staff'])
    })

    it('S086 lets in by permission: to whom a role gives it, and to who administrates', async () => {
      const { client, tokenOf } = await serveRoles()
      expectProblem(await client.get('/accounts'), 401, 'unauthenticated')
      const others = [undefined, [], ['STAFF'], ['users:read'], ['root'], ['user', 'staffs']]
      for (const [at, roles] of others.entries()) {
        const answer = await client.get('/accounts', await tokenOf(`u${at}@example.com`, roles))
        expectProblem(answer, 403, 'forbidden')
      }
      for (const role of ['staff', 'admin']) {
        const token = await tokenOf(`${role}@example.com`, ['user', role])
        expect((await client.get('/accounts', token)).status).toBe(200)
      }
    })

    it('S090 lets in who acts in the name of a user, but to no administration', async () => {
      const { setup, client, tokenOf } = await serveRoles()
      const root = await setup.auth.authenticate(await tokenOf('root@example.com', ['admin']))
      const staff = await setup.auth.authenticate(await tokenOf('sam@example.com', ['staff']))
      const { accessToken } = await setup.auth.impersonate(root, staff.user.id)
      const { body } = await client.get('/staff', accessToken)
      expect([body.user.id, body.actor]).toEqual([staff.user.id, { id: root.user.id }])
      expectProblem(await client.get('/accounts', accessToken), 403, 'forbidden')
    })

    it('lets the anonymous pass where that is allowed, and refuses a wrong credential there too', async () => {
      const { setup, client, tokenOf } = await serveRoles()
      const token = await tokenOf('ada@example.com')
      expect((await client.get('/open')).body).toBeNull()
      expect((await client.get('/open', token)).body.user.roles).toEqual(['user'])
      expectProblem(await client.get('/open', 'not-a-token'), 401, 'invalid_token')
      await setup.auth.logout(token)
      expectProblem(await client.get('/open', token), 401, 'invalid_token')
    })

    it('S093 asks for a fresh login where the last is too old', async () => {
      const { setup, client, tokenOf } = await serveRoles()
      const token = await tokenOf('ada@example.com')
      setup.clock.advance(60)
      expect((await client.get('/fresh', token)).status).toBe(200)
      setup.clock.advance(1)
      const answer = await client.get('/fresh', token)
      expectProblem(answer, 403, 'reauth_required')
      expect(answer.headers.get('www-authenticate')).toContain('insufficient_user_authentication')
      expect((await client.get('/protected', token)).status).toBe(200)
    })

    it('S093 does not take a refreshed token for a fresh login', async () => {
      const { setup, client } = await serveRoles()
      const { session } = await accountOf(setup)
      setup.clock.advance(61)
      const { accessToken } = await setup.auth.refresh({ refreshToken: session.refreshToken })
      expectProblem(await client.get('/fresh', accessToken), 403, 'reauth_required')
    })

    it('S086 guards every own route: nobody gets in without a session', async () => {
      const { client } = await serveRoles()
      const own = routes.filter(({ access }) => access !== 'anyone')
      expect(own.length).toBeGreaterThan(3)
      for (const { method, path } of own) {
        const target = host.base + path.replace(':id', 'some-id')
        expectProblem(await client.send(method, target), 401, 'unauthenticated')
      }
    })
  })
}

describe('requireAuth', () => {
  const auth = createAuth({
    secret: SECRET,
    origin: ORIGIN,
    store: memoryStore(),
    mailer: () => {},
    passwords: weakPasswords,
    maintenance: false,
  })

  const wrong: readonly (readonly [unknown, string])[] = [
    [{ roles: ['staff'] }, 'roles'],
    [{ Role: 'staff' }, 'Role'],
    [{ role: '' }, 'role'],
    [{ role: 1 }, 'role'],
    [{ role: null }, 'role'],
    [{ role: ['staff'] }, 'role'],
    [{ optional: 'yes' }, 'optional'],
    [{ maxAge: 0 }, 'maxAge'],
    [{ maxAge: -1 }, 'maxAge'],
    [{ maxAge: '60' }, 'maxAge'],
    [{ maxAge: Number.NaN }, 'maxAge'],
    [{ maxAge: Number.POSITIVE_INFINITY }, 'maxAge'],
    [{ consistency: 'eventual' }, 'consistency'],
    [{ permission: 'read' }, 'permission'],
    [{ permission: 'users:Read' }, 'permission'],
    [{ permission: '' }, 'permission'],
    [{ role: 'Staff' }, 'role'],
    [{ permission: 'users:read', optional: true }, 'optional'],
    [{ role: 'staff', optional: true }, 'optional'],
    [{ maxAge: 60, optional: true }, 'optional'],
    ['staff', 'options'],
    [null, 'options'],
    [['staff'], 'options'],
  ]

  for (const [requirement, option] of wrong) {
    it(`S109 refuses ${JSON.stringify(requirement)} when the route is made`, () => {
      // What a caller without a type check may write.
      const make = () => requireAuth(auth, requirement as Requirement)
      expect(make).toThrow(ConfigurationError)
      expect(make).toThrow(expect.objectContaining({ option }))
    })
  }

  it('takes every requirement that makes sense', () => {
    const right: Requirement[] = [
      {},
      { role: 'staff', maxAge: 60, consistency: 'strict' },
      { optional: true, consistency: 'feed' },
      { role: undefined, optional: undefined, maxAge: undefined, consistency: undefined },
    ]
    for (const requirement of right) expect(requireAuth(auth, requirement)).toBeTypeOf('function')
  })
})

for (const [version, express] of Object.entries({ 'Express 5': express5, 'Express 4': express4 })) {
  it(`says on ${version} that a route lacks its guard`, async () => {
    const setup = setUp()
    const { session, user } = await accountOf(setup)
    const app = express()
    app.get('/bare', (request, response) => {
      expect(optionalAuthOf(request)).toBeNull()
      expect(() => authOf(request)).toThrow(/requireAuth/)
      response.json('seen')
    })
    app.get(
      '/user',
      requireAuth(setup.auth, { consistency: 'strict' }),
      (request, response, next) => {
        authOf(request)
          .loadUser()
          .then((found) => response.json(found), next)
      },
    )
    const running = await serve(app)
    onTestFinished(running.close)
    const client = httpClient(running.url)
    expect((await client.get('/bare', session.accessToken)).body).toBe('seen')
    expect((await client.get('/user', session.accessToken)).body).toEqual(user)
    expectProblem(await client.get('/user'), 401, 'unauthenticated')
    await settled(setup.auth)
  })
}
