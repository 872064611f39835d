import { describe, expect, it } from 'vitest'
import { hostsOnMemory } from '../support/hosts.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const CHALLENGE = 'Basic realm="login", charset="UTF-8"'

function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64')
}

const good = base64(`ada@example.com:${PASSWORD}`)

const malformed: readonly string[] = [
  'Basic',
  'Basic ',
  'Basic !!!!',
  `Basic ${good} ${good}`,
  `Basic ${good}===`,
  `Basic "${good}"`,
  `Basic\t${good}`,
  `Basic ${base64('no colon')}`,
  `Basic ${base64(':')}`,
  `Basic ${base64(`:${PASSWORD}`)}`,
  `Basic ${base64(`ada@example.com\u0000:${PASSWORD}`)}`,
  `Basic ${base64(`ada@example.com:${PASSWORD}\u0000`)}`,
  `Basic ${base64(`ada@example.com:${PASSWORD}\r\n`)}`,
  `Basic ${base64(Uint8Array.of(0x61, 0x3a, 0xff, 0xfe))}`,
  `Basic ${base64(Uint8Array.of(0x61, 0x3a, 0xed, 0xa0, 0x80))}`,
]

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      await accountOf(setup)
      const { url } = await host.serve(setup.auth)
      const login = (headers: readonly string[], body = '') =>
        sendRaw(url, requestHead(`POST ${host.base}/login`, ...headers), body)
      return { setup, url, login }
    }

    it('S033 logs in, the scheme in any case, with or without the padding of base64', async () => {
      const { login } = await serve()
      for (const scheme of ['Basic', 'basic', 'BASIC', 'Basic  ']) {
        expect((await login([`Authorization: ${scheme} ${good}`])).status).toBe(200)
      }
      const bare = good.replace(/=+$/, '')
      expect((await login([`Authorization: Basic ${bare}`])).status).toBe(200)
      const name = ['AUTHORIZATION', 'authorization']
      for (const one of name) expect((await login([`${one}: Basic ${good}`])).status).toBe(200)
    })

    it('S033 S051 answers every malformed credential with one 401 and a challenge', async () => {
      const { login } = await serve()
      const bodies = new Set<string>()
      const wrong = [`Basic ${base64('ada@example.com:wrong')}`, `Basic ${base64('nobody:wrong')}`]
      for (const header of [...malformed, ...wrong]) {
        const { status, headers, body } = await login([`Authorization: ${header}`])
        expect([header, status]).toEqual([header, 401])
        expect(headers.get('www-authenticate')).toBe(CHALLENGE)
        bodies.add(body)
      }
      expect(bodies.size).toBe(1)
      expect([...bodies].join()).toContain('"invalid_credentials"')
    })

    it('S033 S048 outlives a credential of a megabyte', async () => {
      const { login } = await serve()
      const huge = await login([`Authorization: Basic ${base64('a'.repeat(1_000_000))}`])
      expect(huge.status).toBe(431)
      const large = await login([`Authorization: Basic ${base64(`a:${'b'.repeat(6000)}`)}`])
      expect(large.status).toBe(422)
      expect((await login([`Authorization: Basic ${good}`])).status).toBe(200)
    })

    it('S050 refuses two Authorization headers, in either order', async () => {
      const { login } = await serve()
      const basic = `Authorization: Basic ${good}`
      const body = JSON.stringify({ identifier: 'ada@example.com', password: PASSWORD })
      const json = ['Content-Type: application/json', `Content-Length: ${body.length}`]
      for (const other of [basic, 'Authorization: Bearer x', 'Authorization: Basic !']) {
        expect([other, (await login([basic, other])).status]).toEqual([other, 400])
        expect([other, (await login([other, basic])).status]).toEqual([other, 400])
        expect([other, (await login([other, basic, ...json], body)).status]).toEqual([other, 400])
      }
    })

    it('S050 refuses a Basic credential together with another in the body', async () => {
      const { login } = await serve()
      const body = JSON.stringify({ identifier: 'bob@example.com', password: PASSWORD })
      const json = ['Content-Type: application/json', `Content-Length: ${body.length}`]
      const answer = await login([`Authorization: Basic ${good}`, ...json], body)
      expect(answer.status).toBe(400)
    })

    it('S033 takes Basic for nothing but the login', async () => {
      const { url } = await serve()
      const header = `Authorization: Basic ${good}`
      for (const path of ['/protected', '/open', `${host.base}/me`]) {
        const answer = await sendRaw(url, requestHead(`GET ${path}`, header))
        expect([path, answer.status]).toEqual([path, 401])
        expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      }
    })
  })
}
