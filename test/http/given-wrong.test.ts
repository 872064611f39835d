import * as fetchHost from '@latchkey/core/fetch'
import * as express from '@latchkey/express-adapter'
import * as koa from '@latchkey/koa-adapter'
import { describe, expect, it } from 'vitest'
import { setUp } from '../support/setup.ts'

// What JavaScript gives is not what the types promise.
const noAuths = [undefined, null, {}, 'auth', 0, () => {}, { handle() {} }] as never[]
const noPrefixes = ['auth', 'auth/', '//', '/a//b', '/a?b', '/a#b', '/a b', 'https://x/', 1, null]

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
  ['fetchHandler', fetchHost.fetchHandler],
])('%s', (_name, make) => {
  it('refuses a prefix with which no path begins, and takes every other', () => {
    const { auth } = setUp()
    for (const prefix of noPrefixes as never[]) {
      expect(() => make(auth, { prefix }), String(prefix)).toThrow(/option "prefix" must be a path/)
    }
    for (const prefix of [undefined, '', '/', '/auth', '/auth/', '/api/v1/auth']) {
      expect(make(auth, { prefix })).toBeTypeOf('function')
    }
  })
})
