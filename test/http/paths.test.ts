import { describe, expect, it } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { hostsOnMemory } from '../support/hosts.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const aliases = [
  '//login',
  '/login/',
  '/login//',
  '/LOGIN',
  '/Login',
  '/%6cogin',
  '/./login',
  '/x/../login',
  '/login;a=b',
  '/login%20',
  '/login%00',
  '/login.json',
  '/login%3fx',
  '/login#x',
  '/\\login',
]

/** What a client may ask of a path: its methods in the table, and HEAD where there is GET. */
function allowedAt(path: string): readonly string[] {
  const methods = routes.filter((route) => route.path === path).map(({ method }) => method)
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

const paths = [...new Set(routes.map(({ path }) => path))]

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    it('S104 S070 answers every other method with 405 and names those that there are', async () => {
      const { auth } = await host.setUp(everyRoute)
      const { url } = await host.serve(auth)
      for (const path of paths) {
        const target = host.base + path.replace(':id', 'some-id')
        const allowed = allowedAt(path)
        for (const method of METHODS.filter((one) => !allowed.includes(one))) {
          const answer = await sendRaw(url, requestHead(`${method} ${target}`))
          expect(answer.status, `${method} ${target}`).toBe(405)
          expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...allowed].sort())
          expect(answer.headers.get('cache-control')).toBe('no-store')
          expect(answer.body === '' || JSON.parse(answer.body).code).toBe(
            method === 'HEAD' ? true : 'method_not_allowed',
          )
        }
      }
    })

    it('S070 answers HEAD as GET, without the body', async () => {
      const setup = await host.setUp()
      const { session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const headers = { authorization: `Bearer ${session.accessToken}` }
      const head = await client.send('HEAD', `${host.base}/me`, { headers })
      expect([head.status, head.text]).toEqual([200, ''])
      expectWellFormed(head)
      expect((await client.send('HEAD', `${host.base}/me`)).status).toBe(401)
    })

    it('S032 counts a login under another spelling of the path, where it does not refuse the path', async () => {
      const setup = await host.setUp()
      const { email, user } = await accountOf(setup)
      const { url } = await host.serve(setup.auth)
      const body = JSON.stringify({ identifier: email, password: 'not the password' })
      const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
      let attempts = 0
      for (const alias of aliases) {
        const answer = await sendRaw(
          url,
          requestHead(`POST ${host.base}${alias}`, ...headers),
          body,
        )
        // Express 4 swallows one of two slashes after a mount point, and a URL knows no dots and no fragment.
        const isOurs = answer.status === 401
        if (isOurs) attempts += 1
        else expect([400, 404], alias).toContain(answer.status)
      }
      expect(attempts).toBeLessThanOrEqual(host.framework === 'Fetch' ? 4 : 1)
      expect((await setup.store.users.find(user.id))?.failedLogins).toBe(attempts)
    })

    it('S032 leaves the query out of the path, and out of the input', async () => {
      const setup = await host.setUp()
      const { email } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const wrong = { identifier: email, password: 'not the password' }
      const query = `?identifier=${email}&password=${encodeURIComponent(PASSWORD)}&x`
      expectProblem(
        await client.post(`${host.base}/login${query}`, wrong),
        401,
        'invalid_credentials',
      )
      expectProblem(await client.post(`${host.base}/login${query}`, {}), 422, 'invalid_input')
      const right = { identifier: email, password: PASSWORD }
      expect((await client.post(`${host.base}/login?password=a&password=b`, right)).status).toBe(
        200,
      )
    })

    it('S106 leaves paths that are none of ours to the application, where that can go on', async () => {
      const { auth } = await host.setUp()
      const client = await host.serve(auth)
      for (const path of [
        '/',
        '/unknown',
        '/me/x',
        '/sessions/a/b',
        '/sessions/a_b',
        '/sessions/',
      ]) {
        const answer = await client.post(host.base + path, {})
        if (host.passesOn) expect([answer.status, answer.text]).toEqual([404, 'not here'])
        else expectProblem(answer, 404, 'not_found')
      }
      expect((await client.get('/open')).status).toBe(200)
    })

    it('S104 takes the method from the request line only', async () => {
      const setup = await host.setUp()
      const { session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const names = ['x-http-method-override', 'x-http-method', 'x-method-override']
      for (const name of names) {
        const headers = { authorization: `Bearer ${session.accessToken}`, [name]: 'DELETE' }
        expect((await client.send('GET', `${host.base}/sessions`, { headers })).status).toBe(200)
        const post = await client.send('POST', `${host.base}/me?_method=GET`, { headers })
        expectProblem(post, 405, 'method_not_allowed')
      }
      expect(await setup.auth.authenticate(session.accessToken)).toBeDefined()
    })
  })
}
