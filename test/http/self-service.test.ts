import { describe, expect, it } from 'vitest'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { logsIn, NEW_PASSWORD, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, tokenIn } from '../support/setup.ts'

async function serveTwo(host: Host) {
  const setup = await host.setUp()
  const ada = await accountOf(setup, 'ada@example.com')
  const bob = await accountOf(setup, 'bob@example.com')
  return { setup, ada, bob, client: await host.serve(setup.auth) }
}

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('S088 serves whoever holds the session, whomever the request names', async () => {
      const { setup, ada, bob, client } = await serveTwo(host)
      const { id } = bob.user
      const headers = {
        authorization: `Bearer ${ada.session.accessToken}`,
        'x-user-id': id,
        'x-user': id,
        'x-auth-user': bob.email,
        cookie: `userId=${id}; sub=${id}`,
      }
      const query = `?userId=${id}&id=${id}&sub=${id}&email=${bob.email}`
      const me = await client.send('GET', `${host.base}/me${query}`, { headers })
      expect(me.body.id).toBe(ada.user.id)
      const list = await client.send('GET', `${host.base}/sessions${query}`, { headers })
      expect(list.body.sessions.map(({ id }: { id: string }) => id)).toEqual([
        ada.session.sessionId,
      ])
      const body = JSON.stringify({ userId: id })
      const json = { ...headers, 'content-type': 'application/json' }
      const end = await client.send('DELETE', `${host.base}/sessions${query}`, {
        headers: json,
        body,
      })
      expect(end.status).toBe(204)
      expect((await client.get('/protected', bob.session.accessToken)).body.user.id).toBe(id)
      await setup.auth.authenticate(ada.session.accessToken)
    })

    it('S088 changes the password of nobody but the holder of the session', async () => {
      const { setup, ada, bob, client } = await serveTwo(host)
      const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      const named = [{ userId: bob.user.id }, { sub: bob.user.id }, { email: bob.email }]
      for (const name of named) {
        const body = { ...change, ...name }
        const path = `${host.base}/password/change`
        expectProblem(await client.post(path, body, ada.session.accessToken), 422, 'invalid_input')
        expectProblem(await client.post(path, body), 401, 'unauthenticated')
      }
      const path = `${host.base}/password/change?userId=${bob.user.id}`
      expect((await client.post(path, change, ada.session.accessToken)).status).toBe(200)
      expect(await logsIn(setup, bob.email)).toBe(true)
      expect(await logsIn(setup, ada.email)).toBe(false)
    })

    it('S087 S064 answers 404 for the session of somebody else, as for none', async () => {
      const { ada, bob, client } = await serveTwo(host)
      const end = (id: string) =>
        client.delete(`${host.base}/sessions/${id}`, ada.session.accessToken)
      const foreign = await end(bob.session.sessionId)
      const unknown = await end('0190a5f2-0000-7000-8000-000000000000')
      expectProblem(foreign, 404, 'not_found')
      expect(unknown.text).toBe(foreign.text)
      const ids = [
        bob.session.sessionId.toUpperCase(),
        bob.user.id,
        'me',
        '0',
        'constructor',
        '__proto__',
        '..%2f',
        '%2e%2e',
        `${bob.session.sessionId}%20`,
        `${bob.session.sessionId}%00`,
        `${ada.session.sessionId},${bob.session.sessionId}`,
        encodeURIComponent(JSON.stringify([bob.session.sessionId])),
      ]
      for (const id of ids) expect([id, (await end(id)).status]).toEqual([id, 404])
      expect((await client.get('/protected', bob.session.accessToken)).status).toBe(200)
      expect((await end(ada.session.sessionId)).status).toBe(204)
    })
  })
}

/** The names of all members, however deep. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)])
}

const TOKENS = ['accessToken', 'refreshToken', 'tokenType']
const INNER = /hash|salt|token|secret|epoch|version|failed|locked|generation|pepper|password|code$/i

for (const host of hostsInTurn) {
  it(`S089 shows nothing of the inside, served by ${host.name}`, async () => {
    const { setup, ada, bob, client } = await serveTwo(host)
    const { accessToken, refreshToken } = ada.session
    const at = (path: string) => host.base + path
    await client.post(at('/register'), { email: 'eve@example.com', password: PASSWORD })
    const activation = await setup.outbox.next('activate', 'eve@example.com')
    const credentials = { identifier: ada.email, password: PASSWORD }
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    const { token } = await requestReset(setup, bob.email)
    const session = await setup.store.sessions.find(ada.session.sessionId)
    const inside = [
      session?.session.salt,
      session?.user.passwordHash,
      PASSWORD,
      NEW_PASSWORD,
      token,
    ]
    const answers: readonly Answer[] = [
      await client.post(at('/activate'), { token: tokenIn(activation.link) }),
      await client.post(at('/login'), credentials),
      await client.post(at('/refresh'), { refreshToken }),
      await client.get(at('/me'), accessToken),
      await client.get(at('/sessions'), accessToken),
      await client.get('/protected', accessToken),
      await client.post(at('/login'), { ...credentials, password: `${PASSWORD}!` }),
      await client.post(at('/password/change'), { ...change, newPassword: 'short' }, accessToken),
      await client.post(at('/password/change'), change, accessToken),
      await client.post(at('/password/reset'), { token, newPassword: NEW_PASSWORD }),
      await client.post(at('/password/reset'), { token, newPassword: NEW_PASSWORD }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 200, 200, 401, 422, 200, 204, 400,
    ])
    for (const { body, text, headers } of answers) {
      const names = namesIn(body).filter((name) => !TOKENS.includes(name) && name !== 'code')
      expect(names.filter((name) => INNER.test(name))).toEqual([])
      const told = text + JSON.stringify([...headers])
      for (const secret of inside) expect(told).not.toContain(secret ?? 'argon2')
    }
  })
}
