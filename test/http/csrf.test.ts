import { describe, expect, it } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { browser, setCookiesOf } from '../support/browser.ts'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { accountOf, ORIGIN, PASSWORD } from '../support/setup.ts'

const MINUTE = 60
const TRUSTED = 'https://www.app.example'

type Told = Readonly<Record<string, string>>

/** What a browser says of a request from somewhere else; `''` leaves a header out. */
const elsewhere: readonly Told[] = [
  { origin: 'null', 'sec-fetch-site': '' },
  { origin: 'null' },
  { origin: 'https://evil.example', 'sec-fetch-site': '' },
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example' },
  { origin: 'https://app.example.evil.com', 'sec-fetch-site': '' },
  { origin: 'https://evilapp.example', 'sec-fetch-site': '' },
  { origin: 'https://app.example@evil.com', 'sec-fetch-site': '' },
  { origin: 'http://app.example', 'sec-fetch-site': '' },
  { origin: 'https://app.example:8443', 'sec-fetch-site': '' },
  { origin: 'https://app.example/', 'sec-fetch-site': '' },
  { origin: 'HTTPS://APP.EXAMPLE', 'sec-fetch-site': '' },
  { origin: `${ORIGIN}, ${ORIGIN}`, 'sec-fetch-site': '' },
  { origin: 'https://blog.app.example', 'sec-fetch-site': 'same-site' },
  { origin: '', 'sec-fetch-site': 'same-site' },
  { origin: '', 'sec-fetch-site': 'cross-site' },
  { origin: '', 'sec-fetch-site': 'none' },
  { origin: ORIGIN, 'sec-fetch-site': 'cross-site' },
  { origin: ORIGIN, 'sec-fetch-site': 'same-site' },
  { origin: ORIGIN, 'sec-fetch-site': 'none' },
  { origin: TRUSTED, 'sec-fetch-site': 'none' },
  { origin: ORIGIN, 'sec-fetch-site': 'same-origin, cross-site' },
  { origin: '', 'sec-fetch-site': '' },
  { origin: '', 'sec-fetch-site': '', referer: 'https://evil.example/app.example' },
  { origin: '', 'sec-fetch-site': '', referer: 'https://app.example.evil.com/' },
  { origin: '', 'sec-fetch-site': '', referer: 'http://app.example/' },
  { origin: '', 'sec-fetch-site': '', referer: 'junk' },
  { origin: '', referer: 'https://evil.example/' },
]

const fromOurs: readonly Told[] = [
  {},
  { 'sec-fetch-site': '' },
  { origin: '' },
  { origin: '', referer: `${ORIGIN}/some/page?q` },
  { origin: '', 'sec-fetch-site': '', referer: `${ORIGIN}/some/page` },
  { origin: TRUSTED, 'sec-fetch-site': 'same-site' },
  { origin: TRUSTED, 'sec-fetch-site': 'cross-site' },
  { origin: TRUSTED, 'sec-fetch-site': '' },
]

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('S072 takes what changes something from our own and trusted pages alone', async () => {
      const { page, session } = await serveAda(host)
      for (const told of fromOurs) {
        expect((await page.post('/protected', undefined, told)).status).toBe(200)
        expect((await page.post(`${host.base}/refresh`, undefined, told)).status).toBe(200)
      }
      for (const told of elsewhere) {
        for (const path of ['/protected', `${host.base}/refresh`, `${host.base}/logout`]) {
          expectRefused(await page.post(path, undefined, told))
        }
        const ending = await page.send('DELETE', `${host.base}/sessions/${session}`, told)
        expectRefused(ending)
      }
      expect((await page.get('/protected')).status).toBe(200)
    })

    it('S072 takes no login and nothing else before it from elsewhere', async () => {
      const { client } = await serveAda(host)
      const login = { identifier: 'ada@example.com', password: PASSWORD }
      const stranger = browser(client)
      for (const told of elsewhere) {
        expectRefused(await stranger.post(`${host.base}/login`, login, told))
      }
      const open = routes.filter(({ access, method }) => access === 'anyone' && method !== 'GET')
      expect(open.length).toBeGreaterThan(8)
      for (const { method, path } of open) {
        const told = { origin: 'https://evil.example', 'content-type': 'application/json' }
        expectRefused(await stranger.send(method, host.base + path, told, '{}'))
      }
      expect([...stranger.cookies]).toEqual([])
      for (const told of fromOurs) {
        expect((await stranger.post(`${host.base}/login`, login, told)).status).toBe(200)
      }
    })

    it('S072 lets anybody read what needs no more than a link', async () => {
      const { page } = await serveAda(host)
      for (const told of elsewhere) expect((await page.get('/protected', told)).status).toBe(200)
    })

    it('S071 wants the token of this very session in the header', async () => {
      const { page, auth, client } = await serveAda(host)
      const token = page.cookies.get('__Host-csrf') ?? ''
      const other = browser(client)
      await other.post(`${host.base}/login`, { identifier: 'ada@example.com', password: PASSWORD })
      const wrong = [
        '',
        'x',
        'null',
        other.cookies.get('__Host-csrf') ?? '',
        `${token}x`,
        token.slice(0, -1),
        `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
        `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`,
        token.replace('.', ''),
        `.${token.split('.')[1]}`,
        `${token}, ${token}`,
        page.cookies.get('__Host-at') ?? '',
      ]
      for (const sent of wrong) {
        // A page of a subdomain can set the cookie of a plain name: that both are the same says nothing.
        page.cookies.set('__Host-csrf', sent)
        for (const path of ['/protected', `${host.base}/refresh`, `${host.base}/logout`]) {
          expectRefused(await page.post(path, undefined, { 'x-csrf-token': sent }))
        }
      }
      const kept = await page.post('/protected', undefined, { 'x-csrf-token': token })
      expect(kept.status).toBe(200)
      page.cookies.delete('__Host-csrf')
      const bare = await page.post('/protected', undefined, { 'x-csrf-token': token })
      expect(bare.status).toBe(200)
      await auth.close()
    })

    it('S071 has no use for the token of before a login, and keeps it through every refresh', async () => {
      const { page, clock } = await serveAda(host)
      const token = page.cookies.get('__Host-csrf') ?? ''
      const withToken = { 'x-csrf-token': token }
      clock.advance(11 * MINUTE)
      expect((await page.post('/protected', undefined, withToken)).status).toBe(200)
      expect(page.cookies.get('__Host-csrf')).not.toBe(token)
      expect((await page.post('/protected', undefined, withToken)).status).toBe(200)
      await page.post(`${host.base}/login`, { identifier: 'ada@example.com', password: PASSWORD })
      expectRefused(await page.post('/protected', undefined, withToken))
      expect((await page.post('/protected')).status).toBe(200)
    })

    it('S071 renews nothing for a request that it refuses', async () => {
      const { page, clock, events } = await serveAda(host)
      clock.advance(11 * MINUTE)
      const refused = [
        await page.post('/protected', undefined, { 'x-csrf-token': '' }),
        await page.post('/protected', undefined, { origin: 'https://evil.example' }),
        await page.post(`${host.base}/refresh`, undefined, { 'x-csrf-token': '' }),
      ]
      refused.forEach(expectRefused)
      expect(events.filter(({ type }) => type === 'session.refreshed')).toEqual([])
    })

    it('S071 exempts who was authenticated by Authorization, and nobody for a mere header', async () => {
      const { page, client } = await serveAda(host)
      const token = page.cookies.get('__Host-at') ?? ''
      const alone = await client.post('/protected', undefined, token)
      expect(alone.status).toBe(200)
      const both = { authorization: 'Bearer junk', 'x-csrf-token': '' }
      expectProblem(await page.post('/protected', undefined, both), 400, 'invalid_request')
      expectProblem(await client.post('/protected', undefined, 'junk'), 401, 'invalid_token')
    })

    it('S071 asks nobody for a token where only Authorization counts', async () => {
      const setup = await host.setUp(everyRoute)
      const { session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
      const authorization = `Bearer ${session.accessToken}`
      const answer = await client.send('POST', '/protected', {
        headers: { ...headers, authorization },
      })
      expect(answer.status).toBe(200)
      const cookie = `__Host-at=${session.accessToken}; __Host-rt=${session.refreshToken}`
      const ignored = await client.send('POST', '/protected', { headers: { cookie } })
      expectProblem(ignored, 401, 'unauthenticated')
      const refreshed = await client.send('POST', `${host.base}/refresh`, { headers: { cookie } })
      expectProblem(refreshed, 401, 'unauthenticated')
      const beside = await client.send('GET', '/protected', { headers: { authorization, cookie } })
      expect([beside.status, setCookiesOf(beside)]).toEqual([200, []])
    })

    it('S073 takes JSON alone, also from our own pages', async () => {
      const { page } = await serveAda(host)
      const login = JSON.stringify({ identifier: 'ada@example.com', password: PASSWORD })
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'text/plain;application/json',
        'application/jsonp',
      ]
      for (const type of types) {
        const told = { 'content-type': type }
        const answer = await page.send('POST', `${host.base}/login`, told, login)
        expectProblem(answer, 415, 'unsupported_media_type')
      }
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      const revoke = await page.send('POST', `${host.base}/revoke`, form, 'token=x')
      expectProblem(revoke, 415, 'unsupported_media_type')
    })

    it('S074 S104 lets no other origin read an answer, trusted or not', async () => {
      const { page } = await serveAda(host)
      for (const origin of ['https://evil.example', 'null', TRUSTED, `${ORIGIN}.evil.com`]) {
        const wanted = { 'access-control-request-method': 'POST' }
        const answers = [
          await page.send('OPTIONS', `${host.base}/login`, { origin, ...wanted }),
          await page.get(`${host.base}/me`, { origin }),
          await page.get('/staff', { origin }),
          await page.post(`${host.base}/refresh`, undefined, { origin }),
        ]
        for (const { headers } of answers) {
          const names = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
          expect(names).toEqual([])
          expect(headers.get('vary')).toBe('Origin, Cookie, Authorization')
        }
      }
    })

    it('gives the token to a page that cannot read the cookie', async () => {
      const { page, clock } = await serveAda(host)
      clock.advance(11 * MINUTE)
      const { body } = await page.get(`${host.base}/csrf`)
      const told = { 'x-csrf-token': body.csrfToken }
      expect((await page.post('/protected', undefined, told)).status).toBe(200)
      expectProblem(await page.get(`${host.base}/csrf`, { cookie: '' }), 401, 'unauthenticated')
    })

    it('lets an anonymous visitor with leftover cookies post where that is allowed', async () => {
      const { page, clock } = await serveAda(host)
      expectRefused(await page.post('/open', undefined, { 'x-csrf-token': '' }))
      clock.advance(7 * 24 * 60 * MINUTE)
      const answer = await page.post('/open')
      expect([answer.status, answer.body]).toEqual([200, null])
    })
  })
}

function expectRefused(answer: Answer): void {
  expectProblem(answer, 403, 'csrf_failed')
  expect(setCookiesOf(answer)).toEqual([])
}

async function serveAda(host: Host) {
  const cookies = { trustedOrigins: [TRUSTED] }
  const setup = await host.setUp({ ...everyRoute, transport: 'cookie', cookies })
  await accountOf(setup)
  const client = await host.serve(setup.auth)
  const page = browser(client)
  const login = { identifier: 'ada@example.com', password: PASSWORD }
  const { body } = await page.post(`${host.base}/login`, login)
  return { ...setup, client, page, session: String(body.sessionId) }
}
