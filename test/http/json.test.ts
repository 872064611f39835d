import { describe, expect, it } from 'vitest'
import { type Host, hostsOnMemory } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

const notJson = [
  '{',
  '{"a"}',
  '{a:1}',
  "{'a':1}",
  '{"a":1,}',
  '{}{}',
  '{} x',
  'undefined',
  'NaN',
  '[',
  '"',
]
const notObjects = ['null', 'true', '0', '"text"', '[]', '[{}]', '[[]]']
const notUtf8 = [
  Uint8Array.of(0x22, 0xff, 0x22),
  Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  Buffer.concat([Buffer.from('{"identifier":"'), Uint8Array.of(0xc3, 0x28), Buffer.from('"}')]),
  Buffer.concat([
    Buffer.from('{"identifier":"'),
    Uint8Array.of(0xed, 0xa0, 0x80),
    Buffer.from('"}'),
  ]),
]

/** In the words of the host where Fetch is spoken and the host has read the body. */
function expectMalformed(host: Host, answer: Answer): void {
  if (host.parsesFirst && host.framework === 'Fetch') expect(answer.status).toBe(400)
  else expectProblem(answer, 400, 'invalid_request')
}

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const client = await host.serve(setup.auth)
      const login = (body: string | Uint8Array<ArrayBuffer>) =>
        client.send('POST', `${host.base}/login`, { headers: JSON_TYPE, body })
      return { setup, client, login }
    }

    it('S097 refuses what is not JSON', async () => {
      const { login } = await serve()
      for (const text of notJson) expectMalformed(host, await login(text))
    })

    it('S097 refuses what is not one object', async () => {
      const { login } = await serve()
      for (const text of notObjects) expectMalformed(host, await login(text))
    })

    it('S097 refuses what is not UTF-8', async () => {
      const { login } = await serve()
      for (const bytes of notUtf8) {
        const answer = await login(Uint8Array.from(bytes))
        // The host's parser may put U+FFFD in place of what is none: then only the input is left to refuse.
        if (host.parsesFirst) expect([400, 422]).toContain(answer.status)
        else expectProblem(answer, 400, 'invalid_request')
      }
    })

    it('S106 overlooks a byte order mark', async () => {
      const { setup, login } = await serve()
      const { email } = await accountOf(setup)
      const body = `\ufeff${JSON.stringify({ identifier: email, password: PASSWORD })}`
      expect((await login(body)).status).toBe(200)
    })

    it('takes an empty body for an empty object', async () => {
      const { client, login } = await serve()
      expectProblem(await login(''), 422, 'invalid_input')
      const answer = await client.send('POST', `${host.base}/login`, { headers: JSON_TYPE })
      expectProblem(answer, 422, 'invalid_input')
    })

    it('S097 refuses deep nesting in a small body, and stays up', async () => {
      const { login, client } = await serve()
      const depths = [10, 1000, 8000]
      for (const depth of depths) {
        const arrays = '['.repeat(depth) + ']'.repeat(depth)
        const objects = `${'{"a":'.repeat(depth / 5)}1${'}'.repeat(depth / 5)}`
        for (const value of [arrays, objects]) {
          for (const member of ['identifier', 'other']) {
            const answer = await login(`{"${member}":${value}}`)
            expect([400, 422]).toContain(answer.status)
            expectWellFormed(answer)
          }
        }
      }
      expect((await client.get('/open')).status).toBe(200)
    })

    it('S096 S097 refuses nesting that is deep and large', async () => {
      const { login } = await serve()
      const depth = 49_000
      const answer = await login(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)
      expectProblem(answer, 413, 'payload_too_large')
    })

    it('S098 lets no member reach a prototype', async () => {
      const { setup, login, client } = await serve()
      const { email, user, session } = await accountOf(setup)
      const roles = '{"roles":["admin"],"polluted":true}'
      const members = [
        `"__proto__":${roles}`,
        `"constructor":{"prototype":${roles}}`,
        `"prototype":${roles}`,
        `"device":{"__proto__":${roles},"constructor":{"prototype":${roles}}}`,
        `"__proto__.polluted":true`,
        `"__proto__[polluted]":true`,
      ]
      for (const member of members) {
        const credentials = `"identifier":"${email}","password":"${PASSWORD}"`
        for (const body of [`{${member},${credentials}}`, `{${credentials},${member}}`]) {
          const answer = await login(body)
          // Parsers of the host's may take `__proto__` for malformed.
          expect(host.parsesFirst ? [200, 400, 422] : [200, 422]).toContain(answer.status)
          expectWellFormed(answer)
        }
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      const me = await client.get(`${host.base}/me`, session.accessToken)
      expect(me.body).toMatchObject({ id: user.id, roles: ['user'] })
    })

    it('S099 counts the last of two members of one name', async () => {
      const { setup, login } = await serve()
      const { email } = await accountOf(setup)
      const right = `"password":"${PASSWORD}"`
      const wrong = '"password":"something else"'
      expect((await login(`{"identifier":"${email}",${wrong},${right}}`)).status).toBe(200)
      expect((await login(`{"identifier":"${email}",${right},${wrong}}`)).status).toBe(401)
    })

    it('S096 does not answer many unknown members with an answer that is much larger', async () => {
      const { login } = await serve()
      const members = Array.from({ length: 2000 }, (_, at) => `"${at.toString(36)}":0`).join()
      const body = `{${members}}`
      const answer = await login(body)
      expectProblem(answer, 422, 'invalid_input')
      expect(answer.text.length).toBeLessThan(body.length)
    })
  })
}
