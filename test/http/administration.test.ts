import { describe, expect, it } from 'vitest'
import { enlist, type Member, ranked } from '../support/administration.ts'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import type { Answer, HttpClient } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { PASSWORD, type Setup, tokenIn } from '../support/setup.ts'

const EVE = 'eve@example.com'
const NEW_PASSWORD = 'another fine password'

/** Asks below the mount point, as somebody. */
type Ask = (method: string, path: string, body?: object) => Promise<Answer>

interface Office {
  readonly setup: Setup
  readonly client: HttpClient
  readonly root: Member
  readonly ada: Member
  as(member: Pick<Member, 'accessToken'> | null): Ask
}

async function open(host: Host): Promise<Office> {
  const setup = await host.setUp({ ...ranked, impersonation: true })
  const root = await enlist(setup, 'root', ['admin'])
  const ada = await enlist(setup, 'ada', ['user'])
  const client = await host.serve(setup.auth)
  return {
    setup,
    client,
    root,
    ada,
    as: (member) => (method, path, body) =>
      client.json(method, host.base + path, body, member?.accessToken),
  }
}

for (const host of hostsInTurn) {
  describe(`administration, served by ${host.name}`, () => {
    it('is a walk from an invitation to a deletion', async () => {
      const { setup, root, ada, as } = await open(host)
      const [asRoot, anybody] = [as(root), as(null)]

      const invited = await asRoot('POST', '/users', { email: EVE, roles: ['user', 'staff'] })
      expect([invited.status, invited.body.status]).toEqual([201, 'pending'])
      const { id } = invited.body
      expectProblem(await asRoot('POST', '/users', { email: EVE }), 409, 'email_taken')
      expect((await asRoot('POST', `/users/${id}/invite`)).status).toBe(202)
      await setup.outbox.next('invitation', EVE)
      const token = tokenIn((await setup.outbox.next('invitation', EVE)).link)
      const accepted = await anybody('POST', '/invitation/accept', { token, password: PASSWORD })
      expect([accepted.status, accepted.body.user.emailVerified]).toEqual([200, true])

      const login = await anybody('POST', '/login', { identifier: EVE, password: PASSWORD })
      const asEve = as(login.body)
      expect((await asEve('GET', '/users')).body.users).toHaveLength(3)
      const { refreshToken } = login.body
      const give = async (roles: readonly string[]) => {
        const changed = await asRoot('PUT', `/users/${id}/roles`, { roles })
        expect([changed.status, changed.body.roles]).toEqual([200, roles])
      }
      await give(['user', 'manager'])
      expectProblem(await asEve('GET', '/users'), 401, 'token_stale')
      const promoted = as((await anybody('POST', '/refresh', { refreshToken })).body)
      expect((await promoted('PUT', `/users/${ada.id}/roles`, { roles: ['staff'] })).status).toBe(
        200,
      )
      const beyond = await promoted('PUT', `/users/${ada.id}/roles`, { roles: ['admin'] })
      expectProblem(beyond, 403, 'forbidden')
      await give(['user'])
      expectProblem(await promoted('GET', '/users'), 401, 'token_stale')
      const refreshed = await anybody('POST', '/refresh', { refreshToken })
      expectProblem(await as(refreshed.body)('GET', '/users'), 403, 'forbidden')

      expect((await asRoot('GET', `/users/${id}/sessions`)).body.sessions).toHaveLength(1)
      expect((await asRoot('DELETE', `/users/${id}/sessions`)).status).toBe(204)
      expectProblem(await as(refreshed.body)('GET', '/me'), 401, 'invalid_token')

      const renamed = await asRoot('PATCH', `/users/${id}`, { email: 'Eve@example.org' })
      expect([renamed.status, renamed.body.emailVerified]).toEqual([200, false])
      expect((await asRoot('POST', `/users/${id}/reset-password`)).status).toBe(202)
      const reset = await setup.outbox.next('reset_password', 'Eve@example.org')
      const chosen = { token: tokenIn(reset.link), newPassword: NEW_PASSWORD }
      expect((await anybody('POST', '/password/reset', chosen)).status).toBe(204)

      expect((await asRoot('POST', `/users/${id}/disable`)).body.status).toBe('disabled')
      const again = { identifier: 'eve@example.org', password: NEW_PASSWORD }
      expectProblem(await anybody('POST', '/login', again), 401, 'invalid_credentials')
      expect((await asRoot('POST', `/users/${id}/enable`)).body.status).toBe('active')
      expect((await anybody('POST', '/login', again)).status).toBe(200)
      expect((await asRoot('DELETE', `/users/${id}`)).status).toBe(204)
      expectProblem(await asRoot('GET', `/users/${id}`), 404, 'not_found')
      expectProblem(await anybody('POST', '/login', again), 401, 'invalid_credentials')
    })

    it('S094 lists page by page, as the query says, and refuses what it does not know', async () => {
      const { setup, root, as } = await open(host)
      const asRoot = as(root)
      for (const name of ['carl', 'dora', 'emil']) await enlist(setup, name, ['user'])
      const query = '?sort=email&limit=2&role=user'
      const first = await asRoot('GET', `/users${query}`)
      expect(emailsIn(first)).toEqual(['ada@example.com', 'carl@example.com'])
      const second = await asRoot('GET', `/users${query}&cursor=${first.body.cursor}`)
      expect(emailsIn(second)).toEqual(['dora@example.com', 'emil@example.com'])
      expect(second.body.cursor).toBeNull()
      expect(emailsIn(await asRoot('GET', '/users?search=D%4FRA%40'))).toEqual(['dora@example.com'])
      expect(emailsIn(await asRoot('GET', '/users?search=%25'))).toEqual([])
      expect(emailsIn(await asRoot('GET', '/users?search=_'))).toEqual([])
      expect(emailsIn(await asRoot('GET', '/users?createdBefore=2001-01-01'))).toEqual([])
      const wrong = [
        'limit=1e9',
        'limit=-1',
        'limit=NaN',
        'limit=0',
        'limit=201',
        'limit=',
        'limit=+5',
        'sort=password%3B--',
        'order=asc',
        'status=deleted',
        'cursor=x',
        'search=',
        'search=a%00',
        'createdFrom=now',
        'passwordHash=x',
        'limit%5B%5D=1',
        'search%5B%24ne%5D=1',
        '__proto__=1',
      ]
      for (const one of wrong) {
        const answer = await asRoot('GET', `/users?${one}`)
        expect([one, answer.status, answer.body.code]).toEqual([one, 422, 'invalid_input'])
      }
      expectProblem(await asRoot('GET', '/users?limit=1&limit=2'), 400, 'invalid_request')
      expect((await asRoot('GET', '/users?search=%C0%AF%ff')).status).toBe(200)
    })

    it('S093 wants a fresh login for what cannot be taken back', async () => {
      const { setup, root, ada, as } = await open(host)
      setup.clock.advance(15 * 60 + 1)
      const { accessToken } = await setup.auth.refresh({ refreshToken: root.refreshToken })
      const asRoot = as({ accessToken })
      const asked = [
        await asRoot('PUT', `/users/${ada.id}/roles`, { roles: ['staff'] }),
        await asRoot('DELETE', `/users/${ada.id}`),
        await asRoot('POST', `/users/${ada.id}/impersonate`),
        await asRoot('POST', '/users', { email: EVE, roles: ['admin'] }),
        await asRoot('PATCH', `/users/${ada.id}`, { email: EVE }),
      ]
      for (const answer of asked) expectProblem(answer, 403, 'reauth_required')
      expect((await asRoot('GET', `/users/${ada.id}`)).body.roles).toEqual(['user'])
    })

    it('S090 leaves the last administrator', async () => {
      const { root, as } = await open(host)
      const asRoot = as(root)
      const asked = [
        await asRoot('PUT', `/users/${root.id}/roles`, { roles: ['manager'] }),
        await asRoot('POST', `/users/${root.id}/disable`),
        await asRoot('DELETE', `/users/${root.id}`),
        await asRoot('DELETE', '/me', { currentPassword: PASSWORD }),
      ]
      for (const answer of asked) expectProblem(answer, 409, 'last_administrator')
      expect((await asRoot('GET', '/me')).body.roles).toEqual(['admin'])
    })

    it('S034 lets an administrator act in the name of a user, who sees it', async () => {
      const { root, ada, as } = await open(host)
      const started = await as(root)('POST', `/users/${ada.id}/impersonate`)
      expect([started.status, started.body.user.id]).toEqual([200, ada.id])
      const asAda = as(started.body)
      expect((await asAda('GET', '/me')).body.email).toBe(ada.email)
      const { sessions } = (await as(ada)('GET', '/sessions')).body
      expect(sessions).toHaveLength(2)
      const isActed = ({ impersonated }: { impersonated: boolean }) => impersonated
      const [{ id }, own] = [sessions.find(isActed), sessions.find((one: never) => !isActed(one))]
      expect(id).toBe(started.body.sessionId)
      const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      expectProblem(await asAda('POST', '/password/change', change), 403, 'forbidden')
      expectProblem(await asAda('GET', '/users'), 403, 'forbidden')
      expectProblem(await asAda('DELETE', `/sessions/${own.id}`), 403, 'forbidden')
      expect((await as(ada)('DELETE', `/sessions/${id}`)).status).toBe(204)
      expectProblem(await asAda('GET', '/me'), 401, 'invalid_token')
      const again = as((await as(root)('POST', `/users/${ada.id}/impersonate`)).body)
      expect((await again('GET', '/me')).status).toBe(200)
      expect((await as(root)('POST', '/logout')).status).toBe(204)
      expectProblem(await again('GET', '/me'), 401, 'invalid_token')
      const seen = (await as(ada)('GET', '/me/events?type=user.impersonated')).body.events
      expect(seen.map(({ actorId }: { actorId: string }) => actorId)).toEqual([root.id, root.id])
    })

    it('serves nobody who acts in the name of others where the option is off', async () => {
      const setup = await host.setUp(ranked)
      const root = await enlist(setup, 'root', ['admin'])
      const client = await host.serve(setup.auth)
      const path = `${host.base}/users/${root.id}/impersonate`
      expect((await client.post(path, undefined, root.accessToken)).status).toBe(404)
    })
  })
}

function emailsIn({ body }: Answer): readonly string[] {
  return body.users.map(({ email }: { email: string }) => email)
}
