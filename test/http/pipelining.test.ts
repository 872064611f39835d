import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import { type Host, hostsOnMemory } from '../support/hosts.ts'
import { settled } from '../support/problems.ts'
import { answersOn, connectTo, type RawAnswer, rawLogin, requestHead } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const JSON_TYPE = 'Content-Type: application/json'

/** A request that leaves the connection open. */
function kept(line: string, ...headers: readonly string[]): string {
  return requestHead(line, ...headers).replace('Connection: close', 'Connection: keep-alive')
}

function post(path: string, body: string): string {
  return kept(`POST ${path}`, JSON_TYPE, `Content-Length: ${body.length}`) + body
}

function chunked(line: string, body: string, ...headers: readonly string[]): string {
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  return kept(line, 'Transfer-Encoding: chunked', ...headers) + chunk
}

/** What the answer says about, in one word: the code of a problem, the host's own text, or its status. */
function said({ status, body }: RawAnswer): string {
  return /"code":"(\w+)"/.exec(body)?.[1] ?? (body === 'not here' ? body : String(status))
}

async function serve(host: Host) {
  const setup = await host.setUp()
  const { email, session } = await accountOf(setup)
  const { url } = await host.serve(setup.auth)
  await settled(setup.auth)
  const before = setup.events.length
  const write = (text: string, methods?: readonly string[]) => {
    const socket = connectTo(url)
    socket.write(text)
    return answersOn(socket, methods)
  }
  const startedSessions = async () => {
    await settled(setup.auth)
    return setup.events.slice(before).filter(({ type }) => type === 'session.started').length
  }
  return { ...session, url, setup, email, write, startedSessions }
}

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    it('S103 answers what is written at once in its order, each to its request', async () => {
      const { setup, email, accessToken, write } = await serve(host)
      const another = await loginAgain(setup)
      const own = `Authorization: Bearer ${accessToken}`
      const requests: readonly (readonly [string, string])[] = [
        [rawLogin(host.base, email, PASSWORD), '200'],
        [kept('GET /open'), '200'],
        [rawLogin(host.base, email, 'not the password'), 'invalid_credentials'],
        [kept(`HEAD ${host.base}/me`, own), '200'],
        [kept(`GET ${host.base}/sessions/`), host.passesOn ? 'not here' : 'not_found'],
        [post(`${host.base}/login`, '{}'), 'invalid_input'],
        [post(`${host.base}/login`, '{'), host.parsesFirst ? 'of the parser' : 'invalid_request'],
        [post(`${host.base}/password/forgot`, '{"identifier":"x@example.com"}'), '202'],
        [kept(`GET ${host.base}/me`), 'unauthenticated'],
        [
          chunked(`POST ${host.base}/activate`, '{"token":"x"}', JSON_TYPE),
          'invalid_one_time_token',
        ],
        [kept(`PUT ${host.base}/me`), 'method_not_allowed'],
        [kept(`DELETE ${host.base}/sessions/some-id`, own), 'not_found'],
        [kept(`POST ${host.base}/logout`, `Authorization: Bearer ${another.accessToken}`), '204'],
        [requestHead('GET /open'), '200'],
      ]
      const methods = requests.map(([text]) => text.split(' ', 1)[0] ?? '')
      const answers = await write(requests.map(([text]) => text).join(''), methods)
      const expected = requests.map(([, word]) => word)
      // Where the host answers in its own words, its status has to do.
      const seen = answers.map((answer, at) =>
        expected[at] === 'of the parser' && answer.status === 400 ? 'of the parser' : said(answer),
      )
      expect(seen).toEqual(expected)
    })

    it('S096 never takes the bytes of an unread body for a request', async () => {
      const { email, accessToken, write, startedSessions } = await serve(host)
      const hidden = rawLogin(host.base, email, PASSWORD)
      const length = `Content-Length: ${hidden.length}`
      const large = hidden.repeat(100)
      const own = `Authorization: Bearer ${accessToken}`
      const requests = [
        kept(`PUT ${host.base}/login`, length) + hidden,
        kept(`GET ${host.base}/me`, length) + hidden,
        kept(`GET ${host.base}/me`, length, own) + hidden,
        kept(`HEAD ${host.base}/me`, length, own) + hidden,
        kept(`DELETE ${host.base}/sessions/some-id`, length, own) + hidden,
        kept('GET /protected', length) + hidden,
        kept('GET /open', length) + hidden,
        kept('POST /elsewhere', length) + hidden,
        kept(`POST ${host.base}/login`, 'Content-Type: text/plain', length) + hidden,
        kept(`POST ${host.base}/login`, JSON_TYPE, length) + hidden,
        kept(`POST ${host.base}/login`, JSON_TYPE, `Content-Length: ${large.length}`) + large,
        kept(`POST ${host.base}/logout`, length, 'Authorization: Bearer x') + hidden,
        kept(`POST ${host.base}/password/change`, JSON_TYPE, length) + hidden,
        chunked(`PUT ${host.base}/login`, hidden),
        chunked(`GET ${host.base}/me`, hidden),
        chunked(`POST ${host.base}/login`, hidden, 'Content-Type: text/plain'),
        chunked(`POST ${host.base}/login`, large, JSON_TYPE),
      ]
      for (const request of requests) {
        const methods = [request.split(' ', 1)[0] ?? '']
        const answers = await write(request + requestHead('GET /not-here'), methods)
        expectOneOrBoth(answers, request)
      }
      expect(await startedSessions()).toBe(0)
      await write(requests.map(() => hidden).join('') + requestHead('GET /open'))
      expect(await startedSessions()).toBe(requests.length)
    })

    // koa-body waits for what was announced, of whatever type.
    if (host.framework !== 'Koa 2' || !host.parsesFirst) {
      it('S096 never takes for a request what comes of a body after its refusal', async () => {
        const { email, url, startedSessions } = await serve(host)
        const hidden = rawLogin(host.base, email, PASSWORD)
        const socket = connectTo(url)
        const answers = answersOn(socket)
        socket.write(kept(`PUT ${host.base}/login`, `Content-Length: ${hidden.length}`))
        await once(socket, 'data')
        socket.write(hidden + requestHead('GET /not-here'))
        expectOneOrBoth(await answers, 'PUT')
        expect(await startedSessions()).toBe(0)
      })
    }
  })
}

/** Says that nothing but the two requests was answered: the second only where the connection stayed open. */
function expectOneOrBoth([first, ...others]: readonly RawAnswer[], request: string): void {
  expect(first, request).toBeDefined()
  const ends = first?.headers.get('connection') === 'close'
  const words = others.map(said).map((word) => (word === 'not_found' ? 'not here' : word))
  expect(words, request).toEqual(ends ? [] : ['not here'])
}
