import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Answer, type HttpClient, httpClient } from '../support/http-client.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'
import { type Surroundings, surroundedHosts } from '../support/surrounded-hosts.ts'

/** A store whose logins wait, once they have come to it, until they are let go. */
function slowStore() {
  const store = memoryStore()
  const count = store.users.countFailedLogin.bind(store.users)
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  store.users.countFailedLogin = async (...input) => {
    reached.resolve()
    await released.promise
    return count(...input)
  }
  return { store, reached: reached.promise, release: released.resolve }
}

for (const [framework, serveAround] of Object.entries(surroundedHosts)) {
  describe(`${framework} with middleware around the router`, () => {
    async function served(setup: Setup, impatience = new Promise<void>(() => {})) {
      const around: Surroundings = { logged: [], errors: [], impatience }
      const host = await serveAround(setup.auth, around)
      onTestFinished(host.close)
      return { ...around, client: httpClient(host.url) }
    }

    it('answers compressed when asked, and the same when not', async () => {
      const setup = setUp()
      const { client } = await served(setup)
      const { session } = await accountOf(setup)
      const plain = await answersOf(client, 'identity', session.accessToken)
      const zipped = await answersOf(client, 'gzip', session.accessToken)
      expect(zipped.map(essenceOf)).toEqual(plain.map(essenceOf))
      expect(plain.map(encodingOf)).toEqual(plain.map(() => null))
      expect(zipped.map(encodingOf)).toEqual(
        zipped.map(({ text }) => (text === '' ? null : 'gzip')),
      )
      for (const answer of [...plain, ...zipped]) expectWellFormed(withoutEncoding(answer))
      expect(new Set(plain.map(({ status }) => status))).toEqual(
        new Set([200, 202, 204, 401, 404, 405, 415, 422]),
      )
    })

    it('logs the paths as they came, with the status of each answer', async () => {
      const setup = setUp()
      const { client, logged } = await served(setup)
      const { session } = await accountOf(setup)
      await client.get('/auth/me?x=1', session.accessToken)
      await client.get('/auth/me')
      await client.post('/auth/login', {})
      await client.get('/auth/nothing')
      await expect
        .poll(() => logged)
        .toEqual([
          'GET /auth/me?x=1 200',
          'GET /auth/me 401',
          'POST /auth/login 422',
          'GET /auth/nothing 404',
        ])
    })

    it('answers refusals before a handler of errors that throws, and outlives it', async () => {
      const failures = unhandledFailures()
      const setup = setUp()
      const { client, errors } = await served(setup)
      expectProblem(withoutEncoding(await client.get('/auth/me')), 401, 'unauthenticated')
      expectProblem(withoutEncoding(await client.get('/refused')), 401, 'invalid_credentials')
      expect(errors).toEqual([])
      expect((await client.get('/broken')).status).toBe(500)
      expect(errors).toEqual([new RangeError('of the host')])
      const { email } = await accountOf(setup)
      const login = await client.post('/auth/login', { identifier: email, password: PASSWORD })
      expect(login.status).toBe(200)
      expect(failures).toEqual([])
    })

    it('sends no second answer when the application has lost its patience', async () => {
      const failures = unhandledFailures()
      const { store, reached, release } = slowStore()
      const setup = setUp({ store })
      const { client, errors, logged } = await served(setup, reached)
      const login = { identifier: 'ada@example.com', password: PASSWORD }
      expect(await client.post('/auth/login', login)).toMatchObject({
        status: 503,
        text: 'too late',
      })
      release()
      await expect.poll(() => setup.events.map(({ type }) => type)).toEqual(['login.failed'])
      await client.get('/auth/me')
      const next = expect.stringMatching(/^GET \/auth\/me (?:401|503)$/)
      await expect.poll(() => logged).toEqual(['POST /auth/login 503', next])
      expect([...errors, ...failures, ...setup.errors]).toEqual([])
    })

    it('outlives a client that leaves before its answer', async () => {
      const failures = unhandledFailures()
      const { store, reached, release } = slowStore()
      const setup = setUp({ store })
      const { client, errors } = await served(setup)
      const leaving = new AbortController()
      const left = fetch(`${client.url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ identifier: 'ada@example.com', password: PASSWORD }),
        signal: leaving.signal,
      })
      await reached
      leaving.abort()
      await expect(left).rejects.toThrow('aborted')
      release()
      await expect.poll(() => setup.events.map(({ type }) => type)).toEqual(['login.failed'])
      expect((await client.get('/auth/me')).status).toBe(401)
      expect([...errors, ...failures, ...setup.errors]).toEqual([])
    })
  })
}

/** Answers of many kinds, which are the same when asked for again. */
function answersOf(client: HttpClient, encoding: string, bearer: string): Promise<Answer[]> {
  const headers = { 'accept-encoding': encoding, authorization: `Bearer ${bearer}` }
  const json = { 'accept-encoding': encoding, 'content-type': 'application/json' }
  const registration = JSON.stringify({ email: 'ben@example.com', password: PASSWORD })
  return Promise.all([
    client.send('GET', '/auth/me', { headers }),
    client.send('HEAD', '/auth/me', { headers }),
    client.send('GET', '/auth/sessions', { headers }),
    client.send('DELETE', '/auth/sessions', { headers }),
    client.send('DELETE', '/auth/sessions/some-id', { headers }),
    client.send('POST', '/auth/register', { headers: json, body: registration }),
    client.send('POST', '/auth/login', { headers: json, body: '{}' }),
    client.send('POST', '/auth/login', { headers, body: '{}' }),
    client.send('GET', '/auth/login', { headers }),
    client.send('GET', '/auth/me', { headers: json }),
  ])
}

/** What must not depend on the way in which the answer came. */
function essenceOf({ status, headers, text }: Answer): object {
  const transport = ['content-encoding', 'content-length', 'transfer-encoding', 'date']
  return { status, text, headers: [...headers].filter(([name]) => !transport.includes(name)) }
}

function encodingOf({ headers }: Answer): string | null {
  return headers.get('content-encoding')
}

/** What compression adds is not for us to judge. */
function withoutEncoding(answer: Answer): Answer {
  const headers = new Headers(answer.headers)
  headers.set('vary', headers.get('vary')?.replace(', Accept-Encoding', '') ?? '')
  return { ...answer, headers }
}

/** What nobody has caught, until the test ends. */
function unhandledFailures(): readonly unknown[] {
  const failures: unknown[] = []
  const note = (failure: unknown) => failures.push(failure)
  process.on('unhandledRejection', note).on('uncaughtException', note)
  onTestFinished(() => void process.off('unhandledRejection', note).off('uncaughtException', note))
  return failures
}
