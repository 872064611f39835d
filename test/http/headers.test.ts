import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { hostsOnMemory } from '../support/hosts.ts'
import type { Answer, HttpClient } from '../support/http-client.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

/** One answer of every kind there is: each route, with and without a credential, and refusals of each sort. */
async function answersOf(client: HttpClient, base: string, bearer: string): Promise<Answer[]> {
  const json = { 'content-type': 'application/json' }
  const login = (headers: Record<string, string>, body: string) =>
    client.send('POST', `${base}/login`, { headers, body })
  // The public keys are for every page and every cache: jwks.test.ts says what they are answered with.
  const guarded = routes.filter(({ path }) => path !== '/.well-known/jwks.json')
  const each = guarded.flatMap(({ method, path }) => {
    const target = base + path.replace(':id', 'some-id')
    const authorization = `Bearer ${bearer}`
    const empty = method === 'POST' ? { body: '{}', headers: json } : {}
    const headers = { ...empty.headers, authorization }
    return [client.send(method, target, empty), client.send(method, target, { ...empty, headers })]
  })
  return Promise.all([
    ...each,
    client.send('PUT', `${base}/login`),
    client.send('OPTIONS', `${base}/login`, { headers: { origin: 'https://evil.example' } }),
    login({ 'content-type': 'text/plain' }, '{}'),
    login(json, JSON.stringify({ identifier: 'a'.repeat(20_000), password: 'b' })),
    login(json, JSON.stringify({ identifier: 'nobody', password: PASSWORD })),
    login({ authorization: 'Basic !' }, ''),
    client.get('/protected'),
    client.get('/protected', 'not-a-token'),
    client.get('/staff', bearer),
  ])
}

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    it('S104 S102 has the same protective headers on every answer, refusals included', async () => {
      const setup = await host.setUp(everyRoute)
      const { session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const answers = await answersOf(client, host.base, session.accessToken)
      answers.forEach(expectWellFormed)
      const statuses = new Set(answers.map(({ status }) => status))
      expect([...statuses].sort()).toEqual([200, 204, 401, 403, 404, 405, 413, 415, 422])
    })

    it('S104 S074 S084 names no version, allows no other origin, redirects nowhere', async () => {
      const setup = await host.setUp(everyRoute)
      const { session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      for (const { headers } of await answersOf(client, host.base, session.accessToken)) {
        const names = [...headers.keys()]
        const forbidden = /^(?:x-powered-by|server|access-control-.*|location|set-cookie|etag)$/
        expect(names.filter((name) => forbidden.test(name))).toEqual([])
      }
    })

    it('S101 takes no header of an answer from a request', async () => {
      const setup = await host.setUp()
      const client = await host.serve(setup.auth)
      const mark = 'injected'
      const text = `${mark}\r\nSet-Cookie: ${mark}=1`
      const bodies = [
        ['/login', { identifier: text, password: text }],
        ['/register', { email: text, password: PASSWORD }],
        ['/activate', { token: text }],
        ['/refresh', { refreshToken: text }],
        ['/password/forgot', { identifier: text }],
      ] as const
      for (const [path, body] of bodies) {
        const { headers } = await client.post(`${host.base}${path}`, body)
        expect(JSON.stringify([...headers])).not.toContain(mark)
      }
      const encoded = await client.get(`${host.base}/sessions/%0d%0a${mark}`)
      expect(JSON.stringify([...encoded.headers])).not.toContain(mark)
    })

    it('S103 answers 503 without a word of what failed, and asks to come again', async () => {
      const store = memoryStore()
      const words = 'connection to db.internal refused for ada@example.com'
      store.users.countFailedLogin = () => Promise.reject(new Error(words))
      const setup = await host.setUp({ store })
      const client = await host.serve(setup.auth)
      const login = { identifier: 'ada@example.com', password: PASSWORD }
      const answer = await client.post(`${host.base}/login`, login)
      expectProblem(answer, 503, 'unavailable')
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.text).not.toMatch(/internal|ada@|Error/)
      expect(setup.errors).toEqual([expect.objectContaining({ message: words })])
    })
  })
}
