import { globSync, readFileSync } from 'node:fs'
import {
  type AuthOptions,
  ConfigurationError,
  createAuth,
  generateSigningKey,
} from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blank } from '../repository/workspace.ts'
import { allUsers } from '../support/administration.ts'
import { ORIGIN, SECRET, setUp } from '../support/setup.ts'

const { d: _, ...publicKey } = generateSigningKey()

/** All that an application has to say. */
const least = { secret: SECRET, origin: ORIGIN, mailer: () => {}, maintenance: false }

function create(changes: Record<string, unknown>): void {
  // What JavaScript gives is not what the types promise.
  const auth = createAuth({ ...least, store: memoryStore(), ...changes } as AuthOptions)
  onTestFinished(() => auth.close())
}

describe('S109 what is not said', () => {
  it('is never a secret: without one, nothing starts', () => {
    for (const secret of [undefined, '', 'secret', 'development']) {
      expect(() => create({ secret })).toThrow(ConfigurationError)
    }
    expect(() => create({})).not.toThrow()
  })

  it('is asked for, where it decides who gets in or whom messages reach', () => {
    for (const option of ['origin', 'store', 'mailer']) {
      expect(() => create({ [option]: undefined })).toThrow(ConfigurationError)
    }
  })

  it.each([
    ['memory', async () => memoryStore()],
    ['SQLite', migrated],
  ])(
    'is no account: a fresh store on %s has none, and starting makes none',
    async (_name, make) => {
      const store = await make()
      onTestFinished(() => store.close())
      const setup = setUp({ store })
      await setup.auth.prune()
      await setup.auth.ready()
      expect(await allUsers(setup)).toEqual([])
      expect(setup.events).toEqual([])
      expect(setup.outbox.messages).toEqual([])
    },
  )

  it('depends on no variable of the environment: what runs in development runs in production', () => {
    const root = new URL('../../packages/', import.meta.url)
    const sources = globSync('{core,express-adapter,koa-adapter,memory-store}/src/**/*.ts', {
      cwd: root,
    })
    const reads = sources.flatMap((file) =>
      [...codeOf(new URL(file, root)).matchAll(/process\.env\.?(\w*)/g)].map(
        ([, name]) => `${file}: ${name}`,
      ),
    )
    expect(sources.length).toBeGreaterThan(100)
    expect(reads).toEqual(['core/src/option-schemas.ts: UV_THREADPOOL_SIZE'])
  })
})

/** The text of a source file, without what only people read. */
function codeOf(file: URL): string {
  return blank(readFileSync(file, 'utf8'), ['comment', 'string', 'template'])
}

async function migrated() {
  const store = sqlStore({ url: 'sqlite::memory:' })
  await store.migrate()
  return store
}

describe('S109 what would weaken it', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an origin without TLS', { origin: 'http://app.example' }],
    ['an origin without TLS, on the network at home', { origin: 'http://192.168.0.2:3000' }],
    ['a short secret', { secret: SECRET.slice(0, 31) }],
    ['a secret from a tutorial', { secret: 'your-256-bit-secret-your-256-bit-secret' }],
    ['a weak hash', { passwords: { cost: { memory: 1024, passes: 1 } } }],
    ['short passwords', { passwords: { minLength: 4 } }],
    ['access tokens for a day', { accessToken: { lifetime: 86_400 } }],
    ['sessions for ever', { sessions: { absoluteLifetime: 365 * 86_400 } }],
    ['a loose clock', { clockTolerance: 3600 }],
    ['a public key that signs', { signing: { keys: [publicKey] } }],
    ['no algorithm', { signing: { alg: 'none', keys: [] } }],
    ['impersonation for a day', { impersonation: { lifetime: 86_400 } }],
    ['no signature', { verify: false }],
    ['no CSRF protection', { csrf: false }],
    ['cookies without Secure', { cookies: { secure: false } }],
    ['trust in every proxy', { trustProxy: true }],
    ['a default password', { defaultPassword: 'admin' }],
    ['a debug mode', { debug: true }],
  ])('is refused at the start, whatever NODE_ENV says: %s', (_name, options) => {
    const before = process.env.NODE_ENV
    onTestFinished(() => {
      process.env.NODE_ENV = before
    })
    for (const environment of ['production', 'development', 'test']) {
      process.env.NODE_ENV = environment
      expect(() => create(options)).toThrow(ConfigurationError)
    }
  })
})
