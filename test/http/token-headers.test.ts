import { describe, expect, it } from 'vitest'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import { expectProblem } from '../support/problems.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const LOGIN = { identifier: 'ada@example.com', password: PASSWORD }

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('leads from the login to the logout by headers of other names', async () => {
      const { client, withHeader } = await serveAda(host)
      const { body: first } = await client.post(`${host.base}/login`, LOGIN)
      const access = { 'x-access-token': first.accessToken }
      for (const path of ['/protected', `${host.base}/me`]) {
        expect((await withHeader('GET', path, access)).status).toBe(200)
      }
      const refresh = { 'x-refresh-token': first.refreshToken }
      const { body: next } = await withHeader('POST', `${host.base}/refresh`, refresh)
      expect(next.refreshToken).not.toBe(first.refreshToken)
      const both = { 'x-access-token': next.accessToken, 'x-refresh-token': next.refreshToken }
      expect((await withHeader('POST', `${host.base}/logout`, both)).status).toBe(204)
      const after = await withHeader('GET', '/protected', access)
      expectProblem(after, 401, 'invalid_token')
    })

    it('goes by the names that are configured, in any case', async () => {
      const tokenHeaders = { accessToken: 'X-Auth', refreshToken: 'X-Renew' }
      const { withHeader, session } = await serveAda(host, { tokenHeaders })
      const { accessToken, refreshToken } = session
      expect((await withHeader('GET', '/protected', { 'x-auth': accessToken })).status).toBe(200)
      const old = await withHeader('GET', '/protected', { 'x-access-token': accessToken })
      expectProblem(old, 401, 'unauthenticated')
      const logout = await withHeader('POST', `${host.base}/logout`, { 'X-RENEW': refreshToken })
      expect(logout.status).toBe(204)
    })

    it('S050 takes Authorization too, but not both, not twice, and not the other token', async () => {
      const { client, withHeader, session } = await serveAda(host)
      const { accessToken, refreshToken } = session
      expect((await client.get('/protected', accessToken)).status).toBe(200)
      const authorization = `Bearer ${accessToken}`
      for (const path of ['/protected', '/open', `${host.base}/me`]) {
        const both = { authorization, 'x-access-token': accessToken }
        expectProblem(await withHeader('GET', path, both), 400, 'invalid_request')
        const twice = { 'x-access-token': `${accessToken}, ${accessToken}` }
        expectProblem(await withHeader('GET', path, twice), 400, 'invalid_request')
        for (const junk of [refreshToken, `Bearer ${accessToken}`, `"${accessToken}"`, 'x']) {
          const answer = await withHeader('GET', path, { 'x-access-token': junk })
          expectProblem(answer, 401, 'invalid_token')
        }
      }
      for (const path of ['/refresh', '/logout']) {
        const headers = { authorization: `Bearer ${refreshToken}`, 'x-refresh-token': refreshToken }
        const answer = await withHeader('POST', host.base + path, headers)
        expectProblem(answer, 400, 'invalid_request')
      }
      const wrongKind = { 'x-access-token': accessToken }
      const refused = await withHeader('POST', `${host.base}/refresh`, wrongKind)
      expectProblem(refused, 401, 'unauthenticated')
    })

    it('takes tokens from bodies as before, and refuses one beside the header', async () => {
      const { client, withHeader, session } = await serveAda(host)
      const { refreshToken } = session
      const body = JSON.stringify({ refreshToken })
      const json = { 'content-type': 'application/json' }
      const headers = { ...json, 'x-refresh-token': refreshToken }
      const both = await client.send('POST', `${host.base}/refresh`, { headers, body })
      expectProblem(both, 400, 'invalid_request')
      expect((await client.post(`${host.base}/refresh`, { refreshToken })).status).toBe(200)
      const stale = { ...json, 'x-access-token': 'junk' }
      const login = await client.send('POST', `${host.base}/login`, {
        headers: stale,
        body: JSON.stringify(LOGIN),
      })
      expect(login.status).toBe(200)
      expect((await withHeader('GET', '/open', {})).body).toBeNull()
    })
  })
}

async function serveAda(host: Host, options = {}) {
  const setup = await host.setUp({ transport: 'header', ...options })
  const { session } = await accountOf(setup)
  const client = await host.serve(setup.auth)
  const withHeader = (method: string, path: string, headers: Record<string, string>) =>
    client.send(method, path, { headers })
  return { ...setup, session, client, withHeader }
}
