import type { Auth } from '../../auth.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { PASSWORD } from '../flows/account.ts'
import {
  ask,
  expectProblem,
  expectProtected,
  expectStatus,
  type HostGroup,
  hostCase,
  logIn,
  targetOf,
} from './stage.ts'
import { exchange } from './wire.ts'

const JSON_TYPE = 'Content-Type: application/json'
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Methods and paths. */
export const methodsAndPaths: HostGroup = {
  title: 'methods and paths',
  cases: [
    hostCase('S104 reach every route, and 405 names the methods that there are', async (stage) => {
      for (const [path, known] of servedBy(stage.setup.auth)) {
        for (const method of methods) {
          const answer = await ask(stage, method, path)
          const isKnown = known.includes(method)
          expectEqual(answer.status === 405, !isKnown, `${method} ${path}: ${answer.status}`)
          if (isKnown) continue
          expectProblem(answer, 'method_not_allowed', `${method} ${path}`)
          const allowed = [...known, ...(known.includes('GET') ? ['HEAD'] : [])].join(', ')
          expectEqual(answer.headers.allow, allowed, `${method} ${path}: Allow`)
        }
      }
    }),
    hostCase('S070 answer HEAD as GET, without the body', async (stage) => {
      const { accessToken } = await logIn(stage)
      const head = await ask(stage, 'HEAD', '/me', { bearer: accessToken })
      expectEqual([head.status, head.body], [200, ''], 'HEAD')
      expectProtected(head, 'HEAD')
      expectStatus(await ask(stage, 'HEAD', '/me'), 401, 'HEAD without a credential')
    }),
    hostCase('S032 are exact: no other spelling counts twice or is a 500', async (stage) => {
      const body = { identifier: stage.setup.ada.email, password: 'not the password' }
      const spellings = ['//login', '/login/', '/LOGIN', '/%6cogin', '/login;a=b', '/login%00']
      for (const path of spellings) {
        const { status } = await ask(stage, 'POST', path, { body })
        expectTrue([400, 401, 404].includes(status), `${path} is answered with ${status}`)
      }
      const user = await stage.setup.store.users.findByIdentifier({
        kind: 'email',
        value: stage.setup.ada.email,
      })
      expectTrue((user?.failedLogins ?? 0) <= 1, 'one spelling at most is taken for the path')
    }),
    hostCase('S032 are not decoded, whatever is encoded in them', async (stage) => {
      const encoded = await ask(stage, 'POST', '/%6cogin', { body: {} })
      expectEqual(encoded.status, 404, '/%6cogin')
      for (const path of ['/%zz', '/%', '/%ff', '/sessions/%2e%2e']) {
        const { status } = await ask(stage, 'GET', path)
        expectTrue(status >= 400 && status < 500, `${path} is answered with ${status}`)
      }
      await logIn(stage)
    }),
    hostCase('S032 do not take the query for a part of the input', async (stage) => {
      const { email } = stage.setup.ada
      const query = `?identifier=${email}&password=${encodeURIComponent(PASSWORD)}`
      const answer = await ask(stage, 'POST', `/login${query}`, { body: {} })
      expectProblem(answer, 'invalid_input', 'a login in the query')
    }),
    hostCase('S076 take a target that is a whole URL, and do not care whose', async (stage) => {
      const target = `http://other.example${targetOf(stage, '/me')}`
      const answer = await exchange(stage.host.url, { target })
      expectProblem(answer, 'unauthenticated', 'an absolute target')
    }),
    hostCase('serve a description that is the one of the auth', async (stage) => {
      const answer = await ask(stage, 'GET', '/openapi.json')
      expectEqual(JSON.parse(answer.body), stage.setup.auth.openapi(), 'the document')
      expectEqual(answer.headers['content-type'], 'application/json; charset=utf-8', 'its type')
      expectProtected(answer, 'the document')
    }),
  ],
}

const login = JSON.stringify({ identifier: 'nobody@example.com', password: PASSWORD })

/** What a request brings. */
export const bodies: HostGroup = {
  title: 'bodies',
  cases: [
    hostCase('S073 are JSON, and nothing else', async (stage) => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json']) {
        const headers = [`Content-Type: ${type}`]
        const answer = await ask(stage, 'POST', '/login', { headers, body: login })
        expectProblem(answer, 'unsupported_media_type', type)
      }
      const untyped = await ask(stage, 'POST', '/login', { body: login })
      expectProblem(untyped, 'unsupported_media_type', 'no type')
    }),
    hostCase('S066 may be a form for a revocation', async (stage) => {
      const { refreshToken, accessToken } = await logIn(stage)
      const headers = ['Content-Type: application/x-www-form-urlencoded']
      const body = `token=${encodeURIComponent(refreshToken)}`
      expectStatus(await ask(stage, 'POST', '/revoke', { headers, body }), 200, 'the revocation')
      const me = await ask(stage, 'GET', '/me', { bearer: accessToken })
      expectProblem(me, 'invalid_token', 'the session after it')
    }),
    hostCase('S097 are refused when they are no JSON object', async (stage) => {
      for (const body of ['{', '{"a"', 'undefined', '[]', 'null', '"text"']) {
        const answer = await ask(stage, 'POST', '/login', { headers: [JSON_TYPE], body })
        expectProblem(answer, 'invalid_request', body)
      }
    }),
    hostCase('S096 have 16 KiB and not a byte more, measured or in chunks', async (stage) => {
      for (const [size, status] of [
        [16_384, 401],
        [16_385, 413],
        [200_000, 413],
      ] as const) {
        const text = login + ' '.repeat(size - login.length)
        const measured = await ask(stage, 'POST', '/login', { headers: [JSON_TYPE], body: text })
        expectStatus(measured, status, `${size} bytes`)
        const headers = [JSON_TYPE, 'Transfer-Encoding: chunked']
        const body = `${size.toString(16)}\r\n${text}\r\n0\r\n\r\n`
        const chunked = await ask(stage, 'POST', '/login', { headers, body })
        expectStatus(chunked, status, `${size} bytes in a chunk`)
      }
    }),
    hostCase('S096 are refused when they are compressed', async (stage) => {
      const headers = [JSON_TYPE, 'Content-Encoding: gzip']
      const answer = await ask(stage, 'POST', '/login', { headers, body: login })
      expectProblem(answer, 'unsupported_media_type', 'a compressed body')
    }),
    hostCase('may be empty where everything is in the header', async (stage) => {
      const { refreshToken } = await logIn(stage)
      const empty = { bearer: refreshToken, body: '' }
      expectStatus(await ask(stage, 'POST', '/refresh', empty), 200, 'Content-Length: 0')
      expectStatus(await ask(stage, 'POST', '/refresh', { bearer: refreshToken }), 200, 'no body')
    }),
    hostCase('keep their characters', async (stage) => {
      const { accessToken } = await logIn(stage)
      const newPassword = 'pässwörd \u{1f511} и ключ'
      const body = { currentPassword: PASSWORD, newPassword }
      const changed = await ask(stage, 'POST', '/password/change', { bearer: accessToken, body })
      expectStatus(changed, 200, 'the change')
      await stage.setup.auth.login({ identifier: stage.setup.ada.email, password: newPassword })
    }),
  ],
}

/** Each path, and its methods. */
function servedBy(auth: Auth): [string, string[]][] {
  return Object.entries(auth.openapi().paths).map(([path, item]) => [
    path.replace('{id}', 'some-id'),
    Object.keys(Object(item))
      .map((member) => member.toUpperCase())
      .filter((member) => methods.includes(member)),
  ])
}
