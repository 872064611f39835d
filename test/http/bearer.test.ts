import { describe, expect, it } from 'vitest'
import { hosts } from '../support/hosts.ts'
import { expectProblem } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const CHALLENGE = 'Bearer error="invalid_token"'

for (const host of hosts) {
  describe(`served by ${host.name}`, () => {
    async function serveAda() {
      const setup = await host.setUp()
      const { email, session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const withHeader = (path: string, authorization: string) =>
        client.send('GET', path, { headers: { authorization } })
      return { ...setup, client, email, session, withHeader }
    }

    it('S050 takes the scheme in any case, and spaces before the token', async () => {
      const { session, withHeader } = await serveAda()
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer  ']) {
        const header = `${scheme} ${session.accessToken}`
        expect((await withHeader('/protected', header)).status).toBe(200)
        expect((await withHeader(`${host.base}/me`, header)).status).toBe(200)
      }
    })

    it('S050 S051 refuses every malformed credential with one and the same answer', async () => {
      const { session, withHeader } = await serveAda()
      const { accessToken } = session
      const malformed = [
        'Bearer',
        'Bearer ',
        `Bearer ${accessToken} x`,
        `Bearer ${accessToken},${accessToken}`,
        `Bearer "${accessToken}"`,
        `Bearer\t${accessToken}`,
        `Bearer${accessToken}`,
        `Token ${accessToken}`,
        'Digest username="ada", realm="a, b", uri="/"',
        accessToken,
        `Bearer ${accessToken}.x`,
        `Bearer ${session.refreshToken}`,
        `Bearer ${'a'.repeat(8000)}`,
        `Basic ${Buffer.from(`ada@example.com:${PASSWORD}`).toString('base64')}`,
      ]
      const bodies = new Set<string>()
      for (const header of malformed) {
        for (const path of ['/protected', '/open', `${host.base}/me`]) {
          const answer = await withHeader(path, header)
          expectProblem(answer, 401, 'invalid_token')
          expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE)
          bodies.add(answer.text)
        }
      }
      expect(bodies.size).toBe(1)
    })

    it('S051 challenges whoever shows no credential', async () => {
      const { client } = await serveAda()
      for (const path of ['/protected', `${host.base}/me`]) {
        const answer = await client.get(path)
        expectProblem(answer, 401, 'unauthenticated')
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      }
    })

    it('S050 refuses two Authorization headers, equal or not, in either order', async () => {
      const { client, session } = await serveAda()
      const good = `Authorization: Bearer ${session.accessToken}`
      const pairs = [
        [good, good],
        [good, 'authorization: Bearer x'],
        ['AUTHORIZATION: Bearer x', good],
        ['Authorization: Foo a', 'Authorization: Bar b'],
        [good, 'Authorization:'],
        // A host may hand over two lines as one: no host can tell them apart then.
        [`${good}, Bearer x`],
        [`Authorization: Digest x, Bearer ${session.accessToken}`],
      ]
      for (const pair of pairs) {
        for (const path of ['/protected', '/open', `${host.base}/me`]) {
          const answer = await sendRaw(client.url, requestHead(`GET ${path}`, ...pair))
          expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, 'invalid_request'])
        }
      }
    })

    it('S050 looks for a token nowhere else', async () => {
      const { client, session } = await serveAda()
      const { accessToken } = session
      const form = {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `access_token=${accessToken}`,
      }
      const answers = [
        await client.get(`/protected?access_token=${accessToken}`),
        await client.get(`${host.base}/me?access_token=${accessToken}`),
        await client.send('GET', '/protected', {
          headers: { cookie: `access_token=${accessToken}` },
        }),
        await client.send('GET', '/protected', { headers: { 'x-access-token': accessToken } }),
        await client.send('POST', `${host.base}/password/change`, form),
        await client.post(`${host.base}/password/change`, { access_token: accessToken }),
      ]
      for (const answer of answers) expectProblem(answer, 401, 'unauthenticated')
    })

    it('S050 refuses a refresh or logout with a token in the header and another in the body', async () => {
      const { client, session } = await serveAda()
      const { refreshToken } = session
      for (const path of ['/refresh', '/logout']) {
        const answer = await client.post(host.base + path, { refreshToken }, refreshToken)
        expectProblem(answer, 400, 'invalid_request')
        expectProblem(await client.post(host.base + path), 401, 'unauthenticated')
      }
      const next = await client.post(`${host.base}/refresh`, undefined, refreshToken)
      expect(next.status).toBe(200)
    })
  })
}
