import { brotliCompressSync } from 'node:zlib'
import type { ShownTokens } from '@latchkey/core'
import { expect, it } from 'vitest'
import { type Host, hosts } from '../support/hosts.ts'
import { type RawAnswer, requestHead, sendRaw } from '../support/raw-http.ts'
import { everyRoute, routeBodies } from '../support/route-bodies.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

interface Asked {
  readonly line: string
  readonly headers?: readonly string[]
  /** Sent with its length, as JSON unless the headers name another type. */
  readonly body?: string | Uint8Array
}

type Tokens = Pick<ShownTokens, 'accessToken' | 'refreshToken'>

interface Shown {
  readonly status: number
  readonly statusLine: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** By the names of the requests. */
type Answers = Readonly<Record<string, Shown>>

/** A request that a body parser in front of us answers by itself, on some frameworks. */
interface ParsedDifference {
  readonly frameworks: RegExp
  readonly name: string
  readonly status: number
}

const NOBODY = { identifier: 'nobody@example.com', password: PASSWORD }
const LARGE = JSON.stringify({ ...NOBODY, password: 'x'.repeat(20_000) })
const FORM = 'Content-Type: application/x-www-form-urlencoded'
const bearer = (token: string) => [`Authorization: Bearer ${token}`]
const basic = (text: string) => `Authorization: Basic ${Buffer.from(text).toString('base64')}`
const post = (path: string, body: unknown, ...headers: readonly string[]): Asked => ({
  line: `POST ${path}`,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

/** By name, in the order in which they are sent. */
function requestsOf({ accessToken, refreshToken }: Tokens): Readonly<Record<string, Asked>> {
  const own = bearer(accessToken)
  return {
    ...withoutAnything(),
    ...strangers(),
    ...malformed(),
    ...credentials(own),
    me: { line: 'GET /me', headers: own },
    'HEAD of me': { line: 'HEAD /me', headers: own },
    sessions: { line: 'GET /sessions', headers: own },
    'HEAD of sessions': { line: 'HEAD /sessions', headers: own },
    'a session that is none': { line: 'DELETE /sessions/some-id', headers: own },
    'too common a password': post(
      '/password/change',
      { currentPassword: PASSWORD, newPassword: 'password123' },
      ...own,
    ),
    'a login': post('/login', { identifier: 'ada@example.com', password: PASSWORD }),
    'a Basic login': { line: 'POST /login', headers: [basic(`ada@example.com:${PASSWORD}`)] },
    'a refresh': post('/refresh', { refreshToken }),
    'a refresh by bearer': { line: 'POST /refresh', headers: bearer(refreshToken) },
    'the end of the others': { line: 'DELETE /sessions', headers: own },
    'a logout': { line: 'POST /logout', headers: own },
    'a second logout': { line: 'POST /logout', headers: own },
    'me after that': { line: 'GET /me', headers: own },
  }
}

/** Each route without a body and a credential, and with a method that it does not have. */
function withoutAnything(): Record<string, Asked> {
  const lines = [
    ...new Set(routeBodies.map(({ method, at }) => `${method} ${at}`)),
    ...['/me', '/sessions', '/login'].flatMap((path) =>
      ['GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE', 'TRACE'].map((method) => `${method} ${path}`),
    ),
    'DELETE /sessions/some-id',
    'GET /sessions/some-id',
  ]
  return Object.fromEntries(lines.map((line) => [line, { line }]))
}

/** What is right in its form, sent by somebody who is not known. */
function strangers(): Record<string, Asked> {
  const bodies = routeBodies.map(({ method, at: path, body }, at) => {
    const { username, ...rest } = body
    return [
      `a stranger's body ${at} to ${path}`,
      { ...post(path, rest), line: `${method} ${path}` },
    ]
  })
  return {
    ...Object.fromEntries(bodies),
    'a form to revoke': post('/revoke', 'token=x', FORM),
    'a member twice in a form': post('/revoke', 'token=x&token=y', FORM),
    'a short password': post('/register', { email: 'b@example.com', password: 'short' }),
    'several wrong members': post('/register', { email: 'b', password: 1, role: 'admin' }),
  }
}

function malformed(): Record<string, Asked> {
  return {
    'half JSON': post('/login', '{"identifier":'),
    'JSON with a tail': post('/login', '{} x'),
    'an array': post('/login', []),
    'a number': post('/login', '5'),
    null: post('/login', 'null'),
    'a text': post('/login', '"x"'),
    'white space': post('/login', '  '),
    'an empty object': post('/login', {}),
    'numbers for texts': post('/login', { identifier: 1, password: 2 }),
    'a member too many': post('/login', { ...NOBODY, admin: true }),
    'a prototype': post('/login', '{"__proto__":{"identifier":"a"},"password":"b"}'),
    'a lone surrogate': post('/login', '{"identifier":"\\ud800","password":"b"}'),
    'plain text': post('/login', NOBODY, 'Content-Type: text/plain'),
    'a form': post('/login', 'identifier=a&password=b', FORM),
    'another charset': post('/login', NOBODY, 'Content-Type: application/json; charset=latin1'),
    'a compressed body': {
      ...post('/login', '', 'Content-Encoding: br'),
      body: brotliCompressSync(JSON.stringify(NOBODY)),
    },
    'an unknown encoding': post('/login', NOBODY, 'Content-Encoding: x'),
    'too much': post('/login', LARGE),
    'far too much': post('/login', ' '.repeat(2_000_000)),
    'half JSON without a session': post('/password/change', '{'),
    'half JSON to a method that is none': { ...post('/me', '{'), line: 'PUT /me' },
  }
}

function credentials(own: readonly string[]): Record<string, Asked> {
  const me = (header: string): Asked => ({ line: 'GET /me', headers: [header] })
  return {
    'a token that is none': me('Authorization: Bearer x'),
    'a scheme that is none': me('Authorization: Digest x'),
    'an empty credential': me('Authorization:'),
    'two credentials': { line: 'GET /me', headers: [...own, ...own] },
    'a wrong Basic login': { line: 'POST /login', headers: [basic('nobody:wrong password')] },
    'a malformed Basic login': { line: 'POST /login', headers: ['Authorization: Basic !'] },
    'two logins in one': post('/login', NOBODY, basic('ada@example.com:x')),
    'a refresh by what is none': { line: 'POST /refresh', headers: bearer('x') },
    'two tokens to refresh': post('/refresh', { refreshToken: 'x' }, ...bearer('x')),
    'a wrong current password': post(
      '/password/change',
      { currentPassword: 'wrong', newPassword: 'another fine password' },
      ...own,
    ),
  }
}

/** What a parser in front of us answers by itself, before it can be known whether we want the body at all. */
const parsed: readonly ParsedDifference[] = [
  { frameworks: /./, status: 400, name: 'half JSON without a session' },
  { frameworks: /./, status: 400, name: 'half JSON to a method that is none' },
  // These refuse the name themselves.
  { frameworks: /Koa/, status: 400, name: 'a prototype' },
  // Nobody hands what this one throws to us.
  { frameworks: /Fetch/, status: 400, name: 'half JSON' },
  { frameworks: /Fetch/, status: 400, name: 'JSON with a tail' },
  { frameworks: /Fetch/, status: 400, name: 'white space' },
  { frameworks: /Fetch/, status: 400, name: 'far too much' },
  { frameworks: /Fetch/, status: 400, name: 'a compressed body' },
]

// What all others are compared with: they have to answer like each other.
const [plainest] = hosts as readonly [Host, ...Host[]]
let first: Promise<Answers> | undefined

for (const host of hosts) {
  it(`S103 gives the same answers, byte for byte, served by ${host.name}`, async () => {
    first ??= answersOf(plainest)
    const expected = await first
    const answers = await answersOf(host)
    const different = parsed.filter(
      ({ frameworks }) => host.parsesFirst && frameworks.test(host.framework),
    )
    for (const { name, status } of different) {
      expect([name, answers[name]?.status]).toEqual([name, status])
    }
    const differs = (name: string) => different.some((one) => one.name === name)
    for (const [name, answer] of Object.entries(expected)) {
      if (!differs(name)) expect({ name, ...answers[name] }).toEqual({ name, ...answer })
    }
  })
}

it('S070 S104 says with HEAD what it would say with GET, but for the body, of every kind of answer', async () => {
  first ??= answersOf(plainest)
  const answers = await first
  const statuses = new Set(Object.values(answers).map(({ status }) => status))
  expect([...statuses].sort()).toEqual([200, 202, 204, 400, 401, 403, 404, 405, 413, 415, 422])
  const pairs = [
    ['HEAD of me', 'me'],
    ['HEAD of sessions', 'sessions'],
    ['HEAD /me', 'GET /me'],
    ['HEAD /login', 'GET /login'],
  ] as const
  for (const [head, get] of pairs) {
    expect(answers[head]).toEqual({ ...answers[get], body: '' })
    expect(answers[head]?.headers['content-length']).toMatch(/^\d+$/)
  }
})

async function answersOf(host: Host): Promise<Answers> {
  const setup = await host.setUp(everyRoute)
  const { session } = await accountOf(setup)
  setup.clock.advance(1)
  await setup.auth.login({ identifier: 'ada@example.com', password: PASSWORD })
  const { url } = await host.serve(setup.auth)
  const answers: Record<string, Shown> = {}
  for (const [name, asked] of Object.entries(requestsOf(session))) {
    answers[name] = shown(await ask(url, host.base, asked))
  }
  expect(setup.errors).toEqual([])
  return answers
}

function ask(url: string, base: string, { line, headers = [], body }: Asked): Promise<RawAnswer> {
  const [method, path] = line.split(' ')
  const type = headers.some((header) => header.startsWith('Content-Type'))
    ? []
    : ['Content-Type: application/json']
  const about = body === undefined ? [] : [...type, `Content-Length: ${Buffer.byteLength(body)}`]
  const head = requestHead(`${method} ${base}${path}`, ...about, ...headers)
  return sendRaw(url, head, body ?? '')
}

// The time, and whether the connection goes on: that depends on how much of the body a parser has read.
const OF_THE_SERVER = ['date', 'connection', 'keep-alive']

/** The answer without what chance has made: tokens and ids. */
function shown({ status, statusLine, headers, body }: RawAnswer): Shown {
  const own = [...headers].filter(([name]) => !OF_THE_SERVER.includes(name))
  return {
    status,
    statusLine,
    headers: Object.fromEntries(own),
    body: body
      .replace(/lk1\.[\w.-]+/g, '<refresh token>')
      .replace(/eyJ[\w.-]+/g, '<access token>')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>'),
  }
}
