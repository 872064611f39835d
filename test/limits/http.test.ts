import type { AuthOptions } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostsInTurn, plainHosts } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { expectProblem, settled } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const LIMITED = { limits: {} } satisfies Partial<AuthOptions>
const WRONG = { identifier: 'ada@example.com', password: 'a wrong password' }
const NOBODY = { ...WRONG, identifier: 'nobody@example.com' }

const forged = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'x-client-ip',
]

/** All of an answer that a client can tell apart. */
function shapeOf({ status, text, headers }: Answer) {
  const { date: _, ...told } = Object.fromEntries(headers)
  return { status, text, told }
}

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('S023 S026 refuses the sixth wrong password, says until when, and says the same where there is no account', async () => {
      const shapes = []
      for (const body of [WRONG, NOBODY]) {
        const setup = await host.setUp(LIMITED)
        await accountOf(setup)
        const client = await host.serve(setup.auth)
        for (let n = 0; n < 5; n += 1) {
          expectProblem(await client.post(`${host.base}/login`, body), 401, 'invalid_credentials')
        }
        const answer = await client.post(`${host.base}/login`, body)
        expectProblem(answer, 429, 'rate_limited')
        expect(answer.headers.get('retry-after')).toBe('1')
        expect(answer.headers.get('ratelimit-policy')).toBe('"logins";q=5;w=900')
        expect(answer.headers.get('ratelimit')).toBe('"logins";r=0;t=1')
        shapes.push(shapeOf(answer))
      }
      expect(shapes[1]).toEqual(shapes[0])
    })

    it('S027 S033 counts HTTP Basic with the rest', async () => {
      const setup = await host.setUp(LIMITED)
      await accountOf(setup)
      const client = await host.serve(setup.auth)
      const pair = Buffer.from(`${WRONG.identifier}:${WRONG.password}`).toString('base64')
      const headers = { authorization: `Basic ${pair}` }
      for (let n = 0; n < 5; n += 1) {
        const answer =
          n % 2 === 0
            ? await client.send('POST', `${host.base}/login`, { headers })
            : await client.post(`${host.base}/login`, WRONG)
        expect(answer.status).toBe(401)
      }
      const answer = await client.send('POST', `${host.base}/login`, { headers })
      expectProblem(answer, 429, 'rate_limited')
      expect(answer.headers.get('www-authenticate')).toBeNull()
    })

    it('S029 lets nobody pay for a browser that goes on sending the cookies of a session that is over', async () => {
      const setup = await host.setUp({ ...LIMITED, transport: 'cookie' })
      await accountOf(setup)
      const client = await host.serve(setup.auth)
      const body = { identifier: 'ada@example.com', password: PASSWORD }
      const [left, neighbour] = [browser(client), browser(client)]
      await left.post(`${host.base}/login`, body)
      setup.clock.advance(8 * 24 * 3600)
      await neighbour.post(`${host.base}/login`, body)
      setup.clock.advance(11 * 60)
      for (let n = 0; n < 160; n += 1) {
        const answer = await left.get('/open')
        expect([answer.status, answer.body]).toEqual([200, null])
      }
      expect((await neighbour.get('/protected')).status).toBe(200)
    })

    it('S030 knows a client by its socket, and forged headers give it no new attempts', async () => {
      const setup = await host.setUp(LIMITED)
      await accountOf(setup)
      const client = await host.serve(setup.auth)
      const statuses = []
      for (let n = 0; n < 12; n += 1) {
        const headers = Object.fromEntries(forged.map((name) => [name, `203.0.113.${n}`]))
        const options = { headers: { 'content-type': 'application/json', ...headers } }
        const body = JSON.stringify(WRONG)
        statuses.push(
          (await client.send('POST', `${host.base}/login`, { ...options, body })).status,
        )
      }
      expect(statuses.slice(5)).toEqual(Array(7).fill(429))
    })

    it('S030 believes the proxies that it is told to trust, in limits, events and sessions alike', async () => {
      const setup = await host.setUp({ ...LIMITED, trustProxy: 1 })
      const { email } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const logIn = (forwarded: string, password: string) =>
        client.send('POST', `${host.base}/login`, {
          headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
          body: JSON.stringify({ identifier: email, password }),
        })
      for (let n = 0; n < 5; n += 1) {
        expect((await logIn(`6.6.6.${n}, 2001:db8::${n}`, 'a wrong password')).status).toBe(401)
      }
      expect((await logIn('6.6.6.9, 2001:DB8:0:0:ffff::', 'a wrong password')).status).toBe(429)
      const answer = await logIn('6.6.6.6, 198.51.100.7', PASSWORD)
      expect(answer.status).toBe(200)
      await settled(setup.auth)
      const started = setup.events.findLast(({ type }) => type === 'session.started')
      expect(started?.client?.ip).toBe('198.51.100.7')
      const { body } = await client.get(`${host.base}/sessions`, answer.body.accessToken)
      expect(body.sessions.map(({ ip }: { ip: string | null }) => ip)).toContain('198.51.100.7')
      expect(JSON.stringify(setup.events)).not.toContain('6.6.6.')
    })

    it('answers 100 requests a minute from one address at the routes for everybody, and any number at others', async () => {
      const setup = await host.setUp({ limits: { rules: { requests: { points: 10 } } } })
      const { session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      for (let n = 0; n < 10; n += 1) await client.post(`${host.base}/revoke`, { token: 'x' })
      for (const path of ['/login', '/refresh', '/password/forgot', '/revoke']) {
        const answer = await client.post(`${host.base}${path}`, {})
        expectProblem(answer, 429, 'rate_limited')
        expect(answer.headers.get('retry-after')).toBe('60')
      }
      expect((await client.get(`${host.base}/me`, session.accessToken)).status).toBe(200)
      expect((await client.get(`${host.base}/openapi.json`)).status).toBe(200)
      for (let n = 0; n < 20; n += 1) {
        expect((await client.get('/protected', session.accessToken)).status).toBe(200)
      }
      setup.clock.advance(60)
      expectProblem(await client.post(`${host.base}/login`, WRONG), 401, 'invalid_credentials')
    })
  })
}

for (const host of plainHosts) {
  it(`S032 other spellings of a path have no budget of their own, served by ${host.name}`, async () => {
    const setup = await host.setUp(LIMITED)
    const { user } = await accountOf(setup)
    const { url } = await host.serve(setup.auth)
    const body = JSON.stringify(WRONG)
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    const aliases = [
      '/login',
      '//login',
      '/login/',
      '/LOGIN',
      '/%6cogin',
      '/./login',
      '/login;a=b',
      '/login?x',
      '/x/../login',
    ]
    for (let round = 0; round < 6; round += 1) {
      for (const alias of aliases) {
        const { status } = await sendRaw(
          url,
          requestHead(`POST ${host.base}${alias}`, ...headers),
          body,
        )
        expect([400, 401, 404, 429], alias).toContain(status)
      }
    }
    expect((await setup.store.users.find(user.id))?.failedLogins).toBe(5)
  })
}

it('S115 tells the audit log of each limit once in its window, however often it is run into', async () => {
  const [host] = plainHosts
  if (host === undefined) throw new Error('there is no host')
  const setup = await host.setUp(LIMITED)
  await accountOf(setup)
  const client = await host.serve(setup.auth)
  for (let n = 0; n < 90; n += 1) await client.post('/login', WRONG)
  await settled(setup.auth)
  const told = setup.events.filter(({ type }) => type === 'limit.reached')
  expect(told).toMatchObject([
    { rule: 'logins', per: 'account and address', client: { ip: '127.0.0.1' } },
  ])
  for (let n = 0; n < 90; n += 1) await client.post('/login', WRONG)
  await settled(setup.auth)
  const rules = setup.events.flatMap((event) =>
    event.type === 'limit.reached' ? [event.rule] : [],
  )
  expect(rules).toEqual(['logins', 'requests'])
})
