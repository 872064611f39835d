import { describe, expect, it } from 'vitest'
import { hostsOnMemory } from '../support/hosts.ts'
import { expectProblem } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { everyRoute, routeBodies } from '../support/route-bodies.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const FORM = 'application/x-www-form-urlencoded'

const refused = [
  'text/plain',
  FORM,
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'text/json',
  'application/jsonp',
  'application/json+x',
  'application/problem+json',
  'application/vnd.api+json',
  'text/plain;application/json',
  'text/plain; charset=application/json',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json, text/plain',
  'x',
]

const taken = [
  'application/json',
  'APPLICATION/JSON',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'application/json ; charset="utf-8"',
]

// A body is refused for its type below the mount point, wherever that is.
for (const host of hostsOnMemory.filter(({ base }) => base === '')) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp(everyRoute)
      const { email, user } = await accountOf(setup)
      await setup.auth.setRoles('system', user.id, { roles: ['admin'] })
      const session = await setup.auth.login({ identifier: email, password: PASSWORD })
      const client = await host.serve(setup.auth)
      const login = JSON.stringify({ identifier: email, password: PASSWORD })
      const send = (method: string, path: string, type: string, body: string, bearer?: string) => {
        const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
        const headers = { 'content-type': type, ...authorization }
        return client.send(method, host.base + path, { headers, body })
      }
      const post = (path: string, type: string, body: string) => send('POST', path, type, body)
      return { setup, client, session, login, send, post }
    }

    it('S073 takes JSON in UTF-8, however the type is written', async () => {
      const { login, post } = await serve()
      for (const type of taken) expect((await post('/login', type, login)).status).toBe(200)
    })

    it('S073 takes no other type, on no route', async () => {
      const { session, send } = await serve()
      const { accessToken } = session
      for (const { method, path, at, body, own } of routeBodies) {
        for (const type of refused.filter((one) => one !== FORM || path !== '/revoke')) {
          const text = JSON.stringify(body)
          const answer = await send(method, at, type, text, own && accessToken)
          // Parsers of the host's know more charsets, and find no JSON then.
          const isDecoded = host.parsesFirst && type.startsWith('application/json; charset')
          if (isDecoded) expect([400, 415]).toContain(answer.status)
          else expectProblem(answer, 415, 'unsupported_media_type')
        }
      }
    })

    it('S073 takes no body without a type', async () => {
      const { client, login } = await serve()
      const head = requestHead(`POST ${host.base}/login`, `Content-Length: ${login.length}`)
      expect((await sendRaw(client.url, head, login)).status).toBe(415)
      const empty = await sendRaw(client.url, requestHead(`POST ${host.base}/login`))
      expect(empty.status).toBe(415)
    })

    it('S099 refuses two types', async () => {
      const { client, login } = await serve()
      const types = ['Content-Type: application/json', 'Content-Type: text/plain']
      for (const pair of [types, types.toReversed()]) {
        const length = `Content-Length: ${login.length}`
        const head = requestHead(`POST ${host.base}/login`, ...pair, length)
        expect((await sendRaw(client.url, head, login)).status).toBe(415)
      }
    })

    it('S066 S099 takes a form for /revoke, where no member stands twice', async () => {
      const { setup, session, post } = await serve()
      const token = `token=${encodeURIComponent(session.refreshToken)}`
      for (const form of [
        `${token}&${token}`,
        'token=a&token=b',
        'token=a&__proto__=1&__proto__=2',
      ]) {
        const answer = await post('/revoke', FORM, form)
        // Parsers of the host's make a list of what stands twice, or leave out what they do not like.
        if (host.parsesFirst) expect([200, 400, 422]).toContain(answer.status)
        else expectProblem(answer, 400, 'invalid_request')
      }
      const list = await post('/revoke', FORM, 'token%5B%5D=a')
      if (host.parsesFirst) expect([400, 422]).toContain(list.status)
      else expectProblem(list, 422, 'invalid_input')
      expect(await setup.auth.authenticate(session.accessToken)).toBeDefined()
      expect((await post('/revoke', `${FORM}; charset=UTF-8`, token)).status).toBe(200)
      await expect(setup.auth.authenticate(session.accessToken)).rejects.toThrow('invalid_token')
    })
  })
}
