import { authRouter as expressRouter } from '@latchkey/express-adapter'
import { authRouter as koaRouter } from '@latchkey/koa-adapter'
import express5 from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hostsOnMemory } from '../support/hosts.ts'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { serve as serveApp } from '../support/running-host.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'

const TYPE = 'Content-Type: application/json'
const CHUNKED = 'Transfer-Encoding: chunked'

/** What a login answers that has these headers besides. Node's own parser refuses with 400 and no body. */
const doubled: readonly (readonly [readonly string[], number])[] = [
  [[], 200],
  [['Host: evil.example'], 200],
  [['host: app.example', 'HOST: evil.example:x@y'], 200],
  [['Cookie: a=b', 'Cookie: a=c', 'cookie: ;;='], 200],
  [['User-Agent: a', 'User-Agent: b'], 200],
  [['Accept: text/html', 'Accept: image/png;q=x'], 200],
  [['Origin: https://evil.example', 'Origin: null'], 200],
  [['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 7.7.7.7'], 200],
  [['X-Forwarded-Proto: https', 'X-Forwarded-Proto: gopher'], 200],
  [['Content-Encoding: identity'], 200],
  [[TYPE], 415],
  [['content-type: text/plain'], 415],
  [['Content-Type:'], 415],
  [['Content-Encoding: identity', 'Content-Encoding: identity'], 415],
  [['Content-Length: 5'], 400],
  [['Content-Length: 0'], 400],
  [['content-length: +1'], 400],
  [[CHUNKED], 400],
  [[CHUNKED, CHUNKED], 400],
]

/** What a chunked login answers that has these headers besides. */
const doubledCodings: readonly (readonly [readonly string[], number])[] = [
  [[], 200],
  [['Transfer-Encoding: identity'], 400],
  [['Transfer-Encoding: gzip'], 400],
  [['Transfer-Encoding: x'], 400],
  [['Content-Length: 5'], 400],
  [['Trailer: Authorization'], 200],
]

const NAMES = [
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Port',
  'X-Forwarded-Prefix',
  'X-Real-IP',
  'X-Original-URL',
  'X-Rewrite-URL',
  'Forwarded',
]

const VALUES = [
  '',
  Array.from({ length: 100 }, (_, at) => `10.0.0.${at}`).join(', '),
  ',,,\t,',
  'a\tb',
  '\u0080\u00ff',
  '[::',
  '::ffff:6.6.6.6%eth0',
  'fe80::1%25lo/64]:99999',
  'for="[2001:db8::"; for=; proto=\\";host=',
  '"',
  '../../admin',
  'http://[',
  '%00%0d%0aSet-Cookie: a=b',
  '__proto__',
  'x'.repeat(900),
]

/** A login with each of the headers set to the value. */
function forwardedLogin(base: string, body: string, value: string): Buffer {
  const headers = [TYPE, `Content-Length: ${body.length}`]
  const forwarded = NAMES.map((name) => `${name}: ${value}`)
  // A character is a byte, as in HTTP.
  const head = requestHead(`POST ${base}/login`, ...headers, ...forwarded)
  return Buffer.from(head + body, 'latin1')
}

async function loggedAddresses(setup: Setup): Promise<ReadonlySet<string | null>> {
  await settled(setup.auth)
  const events = await eventsOf(setup.store)
  const logins = events.filter(({ type }) => type === 'session.started')
  expect(logins.length).toBeGreaterThan(VALUES.length)
  return new Set(logins.map(({ ip }) => ip))
}

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const { url } = await host.serve(setup.auth)
      const { email } = await accountOf(setup)
      return { setup, url, body: JSON.stringify({ identifier: email, password: PASSWORD }) }
    }

    it('S103 answers a header that stands twice as if once, or refuses it', async () => {
      const { url, setup, body } = await serve()
      for (const [headers, status] of doubled) {
        const own = [TYPE, `Content-Length: ${body.length}`, ...headers]
        const answer = await sendRaw(url, requestHead(`POST ${host.base}/login`, ...own), body)
        expect([headers, answer.status]).toEqual([headers, status])
      }
      expect(setup.errors).toEqual([])
    })

    it('S103 answers a body in two codings as if in one, or refuses it', async () => {
      const { url, setup, body } = await serve()
      for (const [headers, status] of doubledCodings) {
        const head = requestHead(`POST ${host.base}/login`, TYPE, CHUNKED, ...headers)
        const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
        expect([headers, (await sendRaw(url, head, chunks)).status]).toEqual([headers, status])
      }
      expect(setup.errors).toEqual([])
    })

    it('S030 S032 does not care what proxies are said to have forwarded', async () => {
      const { url, setup, body } = await serve()
      for (const value of VALUES) {
        const answer = await sendRaw(url, forwardedLogin(host.base, body, value))
        expect([value, answer.status]).toEqual([value, 200])
        expect([...answer.headers.keys()]).not.toContain('set-cookie')
      }
      // The first session, which no request has made, has none.
      expect(await loggedAddresses(setup)).toEqual(new Set([null, '127.0.0.1']))
    })
  })
}

const trusting: Readonly<Record<string, (setup: Setup) => unknown>> = {
  'Express 5': ({ auth }) => express5().set('trust proxy', true).use(expressRouter(auth)),
  'Express 4': ({ auth }) => express4().set('trust proxy', true).use(expressRouter(auth)),
  'Koa 3': ({ auth }) => new Koa3({ proxy: true }).use(koaRouter(auth)).callback(),
  'Koa 2': ({ auth }) => new Koa2({ proxy: true }).use(koaRouter(auth)).callback(),
}

for (const [framework, appOf] of Object.entries(trusting)) {
  it(`S030 knows a client by the peer of its socket on ${framework}, which trusts a proxy`, async () => {
    const setup = setUp({ sessions: { maxPerUser: 100 } })
    const { email } = await accountOf(setup)
    const { url, close } = await serveApp(appOf(setup))
    onTestFinished(close)
    const body = JSON.stringify({ identifier: email, password: PASSWORD })
    for (const value of ['6.6.6.6', ...VALUES]) {
      expect((await sendRaw(url, forwardedLogin('', body, value))).status).toBe(200)
    }
    expect(await loggedAddresses(setup)).toEqual(new Set([null, '127.0.0.1']))
  })
}
