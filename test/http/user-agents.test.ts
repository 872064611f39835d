import type { AuthOptions, PlainRequest } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { hosts } from '../support/hosts.ts'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { answerOn, connectTo, requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const FORGED =
  'x\r\n2030-01-01 login by admin\u001b[2J\u0000\u2028\u2029\u202e\u2066\u200b\ufeff\u0085\u009b31m'
// Control and format characters, and the two line separators.
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/u

/** A login with that User-Agent, as a host without Node's own checks would hand it over. */
function loginWith(userAgent: string, email: string): PlainRequest {
  const headers: Readonly<Record<string, readonly string[]>> = {
    'content-type': ['application/json'],
    'user-agent': [userAgent],
  }
  const value = { identifier: email, password: PASSWORD }
  return {
    method: 'POST',
    path: '/login',
    query: '',
    header: (name) => headers[name]?.join(', ') ?? null,
    body: { kind: 'parsed', value },
    ip: '203.0.113.7',
  }
}

describe('S117 a User-Agent in events, log and sessions', () => {
  async function logInWith(userAgents: readonly string[]) {
    const setup = setUp({ sessions: { maxPerUser: 1000 } })
    const { email, session } = await accountOf(setup)
    for (const userAgent of userAgents) {
      expect((await setup.auth.handle(loginWith(userAgent, email)))?.status).toBe(200)
    }
    await settled(setup.auth)
    const logged = await eventsOf(setup.store)
    const principal = await setup.auth.authenticate(session.accessToken)
    const sessions = await setup.auth.listSessions(principal)
    return [
      ...setup.events.map(({ client }) => client?.userAgent),
      ...logged.map(({ userAgent }) => userAgent),
      ...sessions.map(({ userAgent }) => userAgent),
    ].filter((one) => typeof one === 'string')
  }

  it('is one short line without control or format characters', async () => {
    const seen = await logInWith([FORGED, 'a'.repeat(10_000), FORGED.repeat(1000), ''])
    expect(seen).toHaveLength(12)
    for (const userAgent of seen) {
      expect(userAgent).not.toMatch(UNSAFE)
      expect(userAgent.length).toBeLessThanOrEqual(256)
    }
    expect(seen).toContain('a'.repeat(256))
  })

  it('is well-formed where it was cut', async () => {
    const seen = await logInWith([`${'a'.repeat(255)}\u{1f600}`, '\ud800 alone'])
    expect(seen).toHaveLength(6)
    for (const userAgent of seen) expect(userAgent.isWellFormed()).toBe(true)
  })

  it('is left alone when it is an ordinary one', async () => {
    const ordinary = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0'
    expect(new Set(await logInWith([ordinary]))).toEqual(new Set([ordinary]))
  })

  it('is safe whatever it is made of', async () => {
    const userAgent = fc.string({ unit: 'binary', minLength: 1, maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(userAgent, async (sent) => {
        for (const seen of await logInWith([sent])) {
          expect(seen).not.toMatch(UNSAFE)
          expect(seen.length).toBeLessThanOrEqual(256)
        }
      }),
      { numRuns: 50 },
    )
  })
})

for (const host of hosts) {
  it(`S117 takes bytes beyond ASCII in a User-Agent, served by ${host.name}`, async () => {
    const setup = await host.setUp()
    const { email } = await accountOf(setup)
    const { url } = await host.serve(setup.auth)
    const body = JSON.stringify({ identifier: email, password: PASSWORD })
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    const head = requestHead(
      `POST ${host.base}/login`,
      ...headers,
      'User-Agent: \u202e\u0085\u009b31m x',
    )
    expect((await sendRaw(url, head, body)).status).toBe(200)
    const split = requestHead(`POST ${host.base}/login`, ...headers, 'User-Agent: a\u001b[2J')
    const socket = connectTo(url)
    const refused = answerOn(socket)
    socket.write(split + body)
    expect((await refused).status).toBe(400)
    await settled(setup.auth)
    const userAgents = setup.events.flatMap(({ client }) => client?.userAgent ?? [])
    expect(userAgents).toHaveLength(1)
    expect(userAgents[0]).not.toMatch(UNSAFE)
  })
}

it('S117 prints a failure as one short line, when nobody else listens', async () => {
  const lines: string[] = []
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text))
    return true
  })
  onTestFinished(() => stderr.mockRestore())
  const store = memoryStore()
  store.users.findByIdentifier = () => Promise.reject(new Error(FORGED + 'a'.repeat(10_000)))
  const options: Partial<AuthOptions> = { store, onError: undefined }
  const setup = setUp(options)
  const client = await hosts[0]?.serve(setup.auth)
  const answer = await client?.post('/password/forgot', { identifier: 'ada@example.com' })
  stderr.mockRestore()
  expect(answer?.status).toBe(503)
  expect(lines).toHaveLength(1)
  expect(lines[0]?.length).toBeLessThanOrEqual(201)
  expect(lines[0]).toMatch(/^latchkey: POST \/password\/forgot failed: Error; .*\n$/)
  expect(lines[0]).not.toContain('aaa')
  expect(lines[0]?.trimEnd()).not.toMatch(UNSAFE)
})
