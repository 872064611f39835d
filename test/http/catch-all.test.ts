import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import {
  type Auth,
  AuthError,
  type AuthErrorCode,
  ConfigurationError,
  type ProblemOptions,
} from '@latchkey/core'
import * as express from '@latchkey/express-adapter'
import * as koa from '@latchkey/koa-adapter'
import express5, { type Express } from 'express'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { httpClient } from '../support/http-client.ts'
import { expectProblem, pointersOf } from '../support/problems.ts'
import { serve } from '../support/running-host.ts'
import { type Setup, setUp } from '../support/setup.ts'

/** What the handler of each path does. */
const handlers: Readonly<Record<string, (auth: Auth, body: unknown) => unknown>> = {
  '/login'(auth, body) {
    const { email, password } = Object(body)
    return auth.login({ identifier: email, password })
  },
  '/broken'() {
    throw new RangeError('a secret of the host')
  },
  '/nothing': () => Promise.reject(undefined),
  '/upstream'() {
    throw Object.assign(new Error('another server refuses'), { status: 401 })
  },
  '/refused'() {
    throw Object.assign(new Error('not you'), { status: 403, expose: true })
  },
  '/teapot'() {
    throw Object.assign(new Error('no coffee'), { status: 418, expose: true })
  },
  '/missing'() {
    throw Object.assign(new Error('no such file'), { status: 404, expose: false })
  },
  '/upstream-type'() {
    throw Object.assign(new Error('another server refuses'), { status: 415 })
  },
  '/upstream-body'() {
    throw Object.assign(new Error('another server refuses'), { status: 400, body: 'its body' })
  },
  '/own-fault'() {
    decodeURIComponent('%')
  },
}

type Refused = [name: string, body: string, type: string, status: number, code: AuthErrorCode]

type Serve = (auth: Auth, options: ProblemOptions) => Parameters<typeof serve>[0]

function onExpress(auth: Auth, options: ProblemOptions): Express {
  const app = express5()
  app.set('env', 'test')
  app.use(express5.json({ limit: '1kb' }))
  for (const [path, handle] of Object.entries(handlers)) {
    app.post(path, async (request, response) => {
      response.json(await handle(auth, request.body))
    })
  }
  app.post('/by/:name', (request, response) => response.json(request.params.name))
  return app.use(express.authErrors(auth, options))
}

const onKoa =
  (Koa: typeof Koa3): Serve =>
  (auth, options) => {
    const app = new Koa()
    app.silent = true
    const router = new Router()
    for (const [path, handle] of Object.entries(handlers)) {
      router.post(path, async (ctx) => {
        ctx.body = await handle(auth, ctx.request.body)
      })
    }
    router.post('/past', (ctx) => {
      ctx.respond = false
      setImmediate(() => ctx.res.writeHead(200).end('past Koa'))
    })
    app.use(koa.authErrors(auth, options))
    app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '1kb' }))
    app.use(router.routes())
    return app.callback()
  }

const hosts: Readonly<Record<string, Serve>> = {
  'Express 5': onExpress,
  'Koa 3': onKoa(Koa3),
  'Koa 2': onKoa(Koa2),
}

for (const [name, listener] of Object.entries(hosts)) {
  async function prepare(options: ProblemOptions = { catchAll: true }) {
    const setup = setUp()
    const host = await serve(listener(setup.auth, options))
    onTestFinished(host.close)
    return { setup, client: httpClient(host.url) }
  }

  describe(`authErrors with catchAll on ${name}`, () => {
    it.each<Refused>([
      ['malformed JSON', '{"email": "secret', 'application/json', 400, 'invalid_request'],
      [
        'too much',
        `{"a": "${'secret'.repeat(500)}"}`,
        'application/json',
        413,
        'payload_too_large',
      ],
    ])('answers what a parser refuses: %s', async (_name, body, type, status, code) => {
      const { setup, client } = await prepare()
      const answer = await client.send('POST', '/login', {
        headers: { 'content-type': type },
        body,
      })
      expectProblem(answer, status, code)
      expect(answer.text).not.toContain('secret')
      expect(setup.errors).toEqual([]) // the error holds the body
    })

    it.each<[string, number, AuthErrorCode, string[]]>([
      ['/broken', 500, 'internal_error', ['a secret of the host']],
      ['/upstream', 500, 'internal_error', ['another server refuses']],
      ['/upstream-type', 500, 'internal_error', ['another server refuses']],
      ['/upstream-body', 500, 'internal_error', ['another server refuses']],
      ['/own-fault', 500, 'internal_error', ['URI malformed']],
      ['/teapot', 400, 'invalid_request', []],
      ['/missing', 404, 'not_found', []],
      ['/refused', 403, 'forbidden', []],
    ])('answers what the handler of %s throws', async (path, status, code, reported) => {
      const { setup, client } = await prepare()
      const answer = await client.post(path, {})
      expectProblem(answer, status, code)
      for (const text of ['secret', 'server', 'coffee', 'not you']) {
        expect(answer.text).not.toContain(text)
      }
      expect(setup.errors.map((error) => Object(error).message)).toEqual(reported)
    })

    it('answers what cannot be unpacked, or is packed in a way of its own', async () => {
      const { client } = await prepare()
      for (const [encoding, status, code] of [
        ['gzip', 400, 'invalid_request'],
        ['own', 415, 'unsupported_media_type'],
      ] as const) {
        const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
        expectProblem(await client.send('POST', '/login', { headers, body: '{}' }), status, code)
      }
    })

    it('answers a handler that rejects with nothing at all', async () => {
      const { setup, client } = await prepare()
      expectProblem(await client.post('/nothing', {}), 500, 'internal_error')
      expect(setup.errors).toHaveLength(1)
    })

    it('calls members what the application calls them', async () => {
      const pointers = { '/identifier': '/email' }
      const { client } = await prepare({ catchAll: true, pointers })
      const login = await client.post('/login', { email: 7, password: 'long enough' })
      expect(pointersOf(login)).toEqual(['/email'])
    })

    it('does so without catchAll, and leaves the rest to the application', async () => {
      const { setup, client } = await prepare({ pointers: { '/identifier': '/email' } })
      expect(pointersOf(await client.post('/login', { email: 7 }))).toContain('/email')
      for (const [path, body] of [
        ['/broken', {}],
        ['/login', '{'],
      ] as const) {
        const { headers } = await client.post(path, body)
        expect(headers.get('content-type')).not.toContain('problem')
      }
      expect(setup.errors).toEqual([])
    })
  })
}

describe('authErrors with catchAll', () => {
  it('answers a path that Express cannot decode', async () => {
    const host = await serve(onExpress(setUp().auth, { catchAll: true }))
    onTestFinished(host.close)
    expectProblem(await httpClient(host.url).post('/by/%E0%A4%A', {}), 400, 'invalid_request')
  })

  it('answers what no middleware of Koa has, and nobody who answers past Koa', async () => {
    for (const catchAll of [true, false]) {
      const host = await serve(onKoa(Koa3)(setUp().auth, { catchAll }))
      onTestFinished(host.close)
      const client = httpClient(host.url)
      const answer = await client.get('/nowhere')
      if (catchAll) expectProblem(answer, 404, 'not_found')
      else expect(answer).toMatchObject({ status: 404, text: 'Not Found' })
      expect(await client.post('/past', {})).toMatchObject({ status: 200, text: 'past Koa' })
    }
  })
})

describe('auth.problem', () => {
  it('answers everything where it is told to, for hosts that ask for themselves', () => {
    const { auth, errors } = setUp()
    const failure = new Error('of the host')
    expect(auth.problem(failure, { catchAll: true })).toMatchObject({ status: 500 })
    expect(errors).toEqual([failure])
  })

  it('keeps what else a refusal tells when it renames its members', () => {
    const { auth } = setUp()
    const errors = [{ pointer: '/roles/0', code: 'invalid', detail: 'Wrong.' }] as const
    const limit = { rule: 'loginsPerIdentifier', points: 5, window: 60 }
    const refusal = new AuthError('rate_limited', { errors, retryAfter: 3, limit })
    const reply = auth.problem(refusal, { pointers: { '/roles/0': '/role', '/roles/': '/r/' } })
    expect(reply?.headers).toMatchObject({ 'retry-after': '3', ratelimit: expect.any(String) })
    expect(JSON.parse(reply?.body ?? '').errors).toEqual([{ ...errors[0], pointer: '/role' }])
  })

  it('takes the longest beginning that has another name', () => {
    const { auth } = setUp()
    const renamed = (pointer: string) => {
      const errors = [{ pointer, code: 'invalid', detail: 'Wrong.' }] as const
      const pointers = { '/profile/': '/', '/profile/address/': '/at/', '/email': '/mail' }
      const text = auth.problem(new AuthError('invalid_input', { errors }), { pointers })?.body
      return JSON.parse(text ?? '').errors[0].pointer
    }
    expect(renamed('/profile/name')).toEqual('/name')
    expect(renamed('/profile/address/city')).toEqual('/at/city')
    expect(renamed('/profile')).toEqual('')
    expect(renamed('/email')).toEqual('/mail')
    expect(renamed('/emails')).toEqual('/emails')
    expect(renamed('/constructor')).toEqual('/constructor')
    expect(renamed('')).toEqual('')
  })
})

describe.each<[string, (setup: Setup, options: never) => unknown]>([
  ['authErrors of Express', ({ auth }, options) => express.authErrors(auth, options)],
  ['authErrors of Koa', ({ auth }, options) => koa.authErrors(auth, options)],
  ['auth.problem', ({ auth }, options) => auth.problem(new AuthError('forbidden'), options)],
])('%s', (_name, make) => {
  it.each([
    ['catchAll', { catchAll: 'yes' }],
    ['catchAll', { catchAll: null }],
    ['catchall', { catchall: true }],
    ['pointers', { pointers: null }],
    ['pointers', { pointers: ['/email'] }],
    ['pointers', { pointers: { identifier: '/email' } }],
    ['pointers', { pointers: { '/identifier': 'email' } }],
    ['pointers', { pointers: { '/identifier': 7 } }],
    ['pointers', { pointers: { '/profile/': '/names' } }],
    ['pointers', { pointers: { '/profile': '/names/' } }],
  ])('refuses a wrong option "%s": %j', (option, options) => {
    const attempt = () => make(setUp(), options as never)
    expect(attempt).toThrow(ConfigurationError)
    expect(attempt).toThrow(`option "${option}"`)
  })
})
