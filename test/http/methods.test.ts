import { once } from 'node:events'
import { METHODS } from 'node:http'
import { describe, expect, it } from 'vitest'
import { hostsOnMemory } from '../support/hosts.ts'
import { answersOn, connectTo, requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const TYPE = 'Content-Type: application/json'

// Nothing here gets as far as a store.
for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const { url } = await host.serve(setup.auth)
      const { email } = await accountOf(setup)
      const body = JSON.stringify({ identifier: email, password: PASSWORD })
      const length = `Content-Length: ${body.length}`
      const login = (...headers: readonly string[]) =>
        requestHead(`POST ${host.base}/login`, TYPE, length, ...headers)
      return { setup, url, body, login }
    }

    it('S104 S103 answers every method that there is, and leaves those on other paths to the application', async () => {
      const { setup, url } = await serve()
      for (const method of METHODS.filter((one) => one !== 'CONNECT' && one !== 'POST')) {
        const own = await sendRaw(url, requestHead(`${method} ${host.base}/login`))
        expect([method, own.status]).toEqual([method, 405])
        expect(own.headers.get('allow')).toBe('POST')
        const other = await sendRaw(url, requestHead(`${method} /not-here`))
        expect([method, other.status]).toEqual([method, 404])
      }
      expect(setup.errors).toEqual([])
    })

    it('S103 outlives methods that are none, and CONNECT, which wants a tunnel', async () => {
      const { setup, url, body, login } = await serve()
      for (const method of ['get', 'Post', 'FOO', 'POSTS', 'G\u0000T', 'a'.repeat(1000)]) {
        const answer = await sendRaw(url, requestHead(`${method} ${host.base}/login`))
        expect([method, answer.status]).toEqual([method, 400])
      }
      for (const target of ['evil.example:443', `${host.base}/login`, '*']) {
        const answer = await sendRaw(url, requestHead(`CONNECT ${target}`))
        expect([target, answer.status]).toEqual([target, 0])
      }
      expect((await sendRaw(url, login(), body)).status).toBe(200)
      expect(setup.errors).toEqual([])
    })

    it('S103 answers HTTP/1.0, with and without a Host, and ends the connection', async () => {
      const { setup, url, body, login } = await serve()
      const old = (text: string) =>
        text.replace('HTTP/1.1', 'HTTP/1.0').replace('Connection: close\r\n', '')
      const withoutHost = (text: string) => old(text).replace('Host: app.example\r\n', '')
      expect((await sendRaw(url, old(login()), body)).status).toBe(200)
      expect((await sendRaw(url, old(requestHead(`GET ${host.base}/me`)))).status).toBe(401)
      expect((await sendRaw(url, old(requestHead('GET /protected')))).status).toBe(401)
      // A Fetch host makes a URL of it, which it cannot.
      const isUrl = host.framework === 'Fetch'
      expect((await sendRaw(url, withoutHost(login()), body)).status).toBe(isUrl ? 400 : 200)
      const me = await sendRaw(url, withoutHost(requestHead(`GET ${host.base}/me`)))
      expect(me.status).toBe(isUrl ? 400 : 401)
      expect(setup.errors).toEqual([])
    })

    it('S103 answers whoever wants to upgrade as if he did not', async () => {
      const { url, body, login } = await serve()
      const wishes = [
        ['Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'],
        ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
        ['Upgrade: TLS/1.0, HTTP/9'],
        ['Upgrade:'],
      ]
      for (const wish of wishes) {
        const upgrading = (text: string) => text.replace('close', 'close, Upgrade')
        expect((await sendRaw(url, upgrading(login(...wish)), body)).status).toBe(200)
        const me = await sendRaw(url, upgrading(requestHead(`GET ${host.base}/me`, ...wish)))
        expect([wish, me.status]).toEqual([wish, 401])
      }
    })

    it('S103 tells a client to go on that waits for that before it sends the body', async () => {
      const { url, body, login } = await serve()
      const socket = connectTo(url)
      const answers = answersOn(socket)
      socket.write(login('Expect: 100-continue'))
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 /)
      socket.write(body)
      expect((await answers).map(({ status }) => status)).toEqual([100, 200])
      const atOnce = connectTo(url)
      atOnce.write(login('Expect: 100-Continue') + body)
      expect((await answersOn(atOnce)).map(({ status }) => status)).toEqual([100, 200])
    })

    // koa-body waits for what was announced, of whatever type.
    if (host.framework !== 'Koa 2' || !host.parsesFirst) {
      it('S096 refuses whoever waits to send a body that nobody wants', async () => {
        const { url } = await serve()
        const lines = [`PUT ${host.base}/login`, `GET ${host.base}/me`, 'GET /protected']
        for (const line of lines) {
          const socket = connectTo(url)
          socket.write(requestHead(line, 'Expect: 100-continue', 'Content-Length: 1000000'))
          const [go, refusal, ...others] = await answersOn(socket)
          expect([line, go?.status, others]).toEqual([line, 100, []])
          expect([401, 405]).toContain(refusal?.status)
        }
      })
    }

    it('S103 outlives other expectations', async () => {
      const { url, body, login } = await serve()
      for (const wish of ['nonsense', '200-ok', '100-continued']) {
        const answer = await sendRaw(url, login(`Expect: ${wish}`), body)
        expect([wish, answer.status]).toEqual([wish, 417])
      }
      expect((await sendRaw(url, login(), body)).status).toBe(200)
    })
  })
}
