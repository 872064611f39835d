import { ConfigurationError } from '@latchkey/core'
import * as fetchHost from '@latchkey/core/fetch'
import * as express from '@latchkey/express-adapter'
import * as koa from '@latchkey/koa-adapter'
import { describe, expect, it } from 'vitest'
import { setUp } from '../support/setup.ts'

// What JavaScript gives is not what the types promise.
const noAuths = [undefined, null, {}, 'auth', 0, () => {}, { handle() {} }] as never[]
const noPrefixes = [
  ...['auth', 'auth/', '//', '/a//b', '/a?b', '/a#b', '/a b', 'https://x/', 1, null],
  ...['/:tenant/auth', '/auth/*path', '/{auth}', '/caf\u00e9'],
]

const noOptions = [{ prefx: '/auth' }, { Prefix: '/auth' }, '/auth', null, []] as never[]

const makers = {
  'authRouter of Express': express.authRouter,
  'requireAuth of Express': express.requireAuth,
  'authErrors of Express': express.authErrors,
  'authRouter of Koa': koa.authRouter,
  'requireAuth of Koa': koa.requireAuth,
  'authErrors of Koa': koa.authErrors,
  fetchHandler: fetchHost.fetchHandler,
  fetchGuard: fetchHost.fetchGuard,
}

describe.each(Object.entries(makers))('%s', (_name, make) => {
  it('refuses at construction what is no auth, and says what to give', () => {
    for (const auth of noAuths) {
      expect(() => make(auth)).toThrow(
        /option "auth" must be what createAuth\(\) of @latchkey\/core gave you/,
      )
    }
  })
})

describe.each([
  ['authRouter of Koa', koa.authRouter],
  ['authErrors of Koa', koa.authErrors],
  ['authErrors of Express', express.authErrors],
  ['fetchHandler', fetchHost.fetchHandler],
])('%s', (_name, make) => {
  it('refuses a prefix with which no path begins, and takes every other', () => {
    const { auth } = setUp()
    for (const prefix of noPrefixes as never[]) {
      expect(() => make(auth, { prefix }), String(prefix)).toThrow(/option "prefix" must be a path/)
    }
    for (const prefix of [undefined, '', '/', '/auth', '/auth/', '/api/v1.2/auth', '/caf%C3%A9']) {
      expect(make(auth, { prefix })).toBeTypeOf('function')
    }
  })

  it('refuses options that there are not', () => {
    const { auth } = setUp()
    for (const options of noOptions) expect(() => make(auth, options)).toThrow(ConfigurationError)
  })
})

it('names the function that was given a requirement that cannot be', () => {
  const { auth } = setUp()
  const wrong = { rol: 'staff' } as never
  expect(() => express.requireAuth(auth, wrong)).toThrow('requireAuth: option "rol"')
  expect(() => koa.requireAuth(auth, wrong)).toThrow('requireAuth: option "rol"')
  expect(() => fetchHost.fetchGuard(auth, wrong)).toThrow('fetchGuard: option "rol"')
  expect(() => auth.guard(wrong)).toThrow('guard: option "rol"')
})
