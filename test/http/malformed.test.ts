import { describe, expect, it } from 'vitest'
import { hosts } from '../support/hosts.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const JSON_TYPE = 'Content-Type: application/json'

/** What Node's own parser refuses before anybody sees it. */
const notHttp = [
  'nonsense\r\n\r\n',
  'GET\r\n\r\n',
  'GET /me HTTP/9.9\r\nHost: a\r\n\r\n',
  'GET /me HTTP/1.1\r\n\r\n',
  'GET /me HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n',
  'GET /me HTTP/1.1\r\nHost: a\r\nBad header: x\r\n\r\n',
  'GET /me HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n',
  'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
  'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n',
]

for (const host of hosts) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const { email } = await accountOf(setup)
      const { url } = await host.serve(setup.auth)
      const body = JSON.stringify({ identifier: email, password: PASSWORD })
      const length = `Content-Length: ${body.length}`
      const login = (target: string, ...headers: readonly string[]) =>
        sendRaw(url, requestHead(`POST ${target}`, JSON_TYPE, length, ...headers), body)
      return { setup, url, login }
    }

    it('S103 outlives every request that is not HTTP', async () => {
      const { setup, url, login } = await serve()
      for (const text of notHttp) {
        const answer = await sendRaw(url, text)
        // Node answers 505 in place of 400 where the version is unknown to it, or nothing at all.
        expect([0, 400, 505], text).toContain(answer.status)
      }
      expect((await login(`${host.base}/login`)).status).toBe(200)
      expect(setup.errors).toEqual([])
    })

    it('S103 refuses a chunked body that is none, and outlives it', async () => {
      const { url, login } = await serve()
      const head = requestHead(`POST ${host.base}/login`, JSON_TYPE, 'Transfer-Encoding: chunked')
      for (const body of ['xyz\r\n{}\r\n0\r\n\r\n', '-1\r\n\r\n', '2\r\n{}xx0\r\n\r\n']) {
        const answer = await sendRaw(url, head, body)
        expect([0, 400]).toContain(answer.status)
      }
      expect((await login(`${host.base}/login`)).status).toBe(200)
    })

    it('S032 S076 does not care for a forwarded host, nor for the origin of an absolute target', async () => {
      const { login } = await serve()
      const hostNames = ['evil.example', 'evil.example:x@app.example', '[::1', '', '/..//', 'a b']
      for (const name of hostNames) {
        const answer = await login(`${host.base}/login`, `X-Forwarded-Host: ${name}`)
        expect(answer.status).toBe(200)
      }
      expect((await login(`http://evil.example${host.base}/login`)).status).toBe(200)
      expect((await login(`https://evil.example:99${host.base}/login`)).status).toBe(200)
      expect([400, 404]).toContain((await login(`ftp://x${host.base}/login`)).status)
    })

    it('S103 answers odd targets with something below 500', async () => {
      const { url } = await serve()
      const targets = [
        '*',
        '/%',
        '/%ff',
        '/%zz/login',
        '/login%',
        '/a'.repeat(2000),
        '/?',
        '/#',
        '//',
      ]
      for (const target of targets) {
        for (const method of ['GET', 'POST', 'OPTIONS']) {
          const answer = await sendRaw(url, requestHead(`${method} ${target}`))
          expect(answer.status, `${method} ${target}`).toBeGreaterThanOrEqual(200)
          expect(answer.status, `${method} ${target}`).toBeLessThan(500)
        }
      }
    })
  })
}

describe('a malformed Host', () => {
  const names = ['evil.example:x@app.example', '[::1', '/..//', 'a b', '\u00ff', '%00', 'a,b', ':']

  for (const host of hosts) {
    it(`changes nothing, served by ${host.name}`, async () => {
      const { auth } = await host.setUp()
      const { url } = await host.serve(auth)
      for (const name of names) {
        const text = `GET ${host.base}/me HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`
        const answer = await sendRaw(url, Buffer.from(text, 'latin1'))
        // A Fetch host makes a URL of it, which it may refuse.
        const isUrl = host.framework === 'Fetch' && answer.status === 400
        expect([name, answer.status]).toEqual([name, isUrl ? 400 : 401])
      }
    })
  }
})
