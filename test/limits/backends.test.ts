import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AuthError, AuthOptions, MakeLimiter } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { Redis } from 'ioredis'
import { createPool } from 'mysql2'
import pg from 'pg'
import { RateLimiterMySQL, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { mariadbDatabase, mariadbUrl, postgresDatabase, postgresUrl } from '../servers/databases.ts'
import type { OwnServer } from '../servers/own-server.ts'
import { hasRedis, startRedis } from '../servers/redis.ts'
import { START_LIMIT_MS } from '../servers/server-process.ts'
import { PASSWORD, type Setup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const HOME = { ip: '192.0.2.7' }
const ELSEWHERE = { ip: '198.51.100.9' }

const answerOf = ({ auth }: Setup, password: string, client = ELSEWHERE): Promise<string> =>
  auth.login({ identifier: EMAIL, password }, client).then(
    () => 'in',
    ({ code }: AuthError) => code,
  )

const guess = (setup: Setup, client = ELSEWHERE) => answerOf(setup, 'a wrong password', client)

/** Processes on one store and one backend. */
async function nodes(limiter: MakeLimiter, count = 2): Promise<readonly Setup[]> {
  const store = memoryStore()
  const options: Partial<AuthOptions> = { store, limits: { limiter } }
  const setups = Array.from({ length: count }, () => setUp(options))
  await setups[0]?.auth.createUser({ email: EMAIL, password: PASSWORD })
  return setups
}

/** The seconds for which a login from there is refused. */
async function waitOf({ auth }: Setup, ip: string): Promise<number> {
  const input = { identifier: EMAIL, password: 'a wrong password' }
  return auth.login(input, { ip }).then(
    () => 0,
    ({ retryAfter }: AuthError) => retryAfter ?? 0,
  )
}

async function isReady(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') await once(redis, 'ready')
}

interface Backend {
  readonly limiter: MakeLimiter
  /** Every key that it holds. */
  keys(): Promise<readonly string[]>
}

interface BackendKind {
  readonly name: string
  readonly available: boolean
  /** Opened before the first test, and closed after the last. */
  open(): Promise<Backend & { close(): Promise<void> }>
}

const kinds: readonly BackendKind[] = [
  {
    name: 'Redis',
    available: hasRedis,
    async open() {
      const server = await startRedis()
      const redis = new Redis(server.url)
      return {
        limiter: (options) => new RateLimiterRedis({ ...options, storeClient: redis }),
        keys: () => redis.keys('*'),
        async close() {
          redis.disconnect()
          await server.stop()
        },
      }
    },
  },
  {
    name: 'PostgreSQL',
    available: postgresUrl !== undefined,
    async open() {
      const database = await postgresDatabase()
      const pool = new pg.Pool({ connectionString: database.url })
      await pool.query(
        'create table limits (key varchar(255) primary key, points integer not null default 0, expire bigint)',
      )
      return {
        limiter: (options) =>
          new RateLimiterPostgres({
            ...options,
            storeClient: pool,
            tableName: 'limits',
            tableCreated: true,
          }),
        keys: async () => (await pool.query('select key from limits')).rows.map(({ key }) => key),
        async close() {
          await pool.end()
          await database.drop()
        },
      }
    },
  },
  {
    name: 'MariaDB',
    available: mariadbUrl !== undefined,
    async open() {
      const database = await mariadbDatabase()
      const pool = createPool(database.url)
      const query = (statement: string) => pool.promise().query(statement)
      await query(
        'create table limits (`key` varchar(255) character set utf8mb4 collate utf8mb4_bin not null primary key, points int(9) not null default 0, expire bigint unsigned)',
      )
      return {
        limiter: (options) =>
          new RateLimiterMySQL({
            ...options,
            storeClient: pool,
            dbName: new URL(database.url).pathname.slice(1),
            tableName: 'limits',
            tableCreated: true,
          }),
        keys: async () => {
          const [rows] = await query('select `key` from limits')
          return (rows as { readonly key: string }[]).map(({ key }) => key)
        },
        async close() {
          await pool.promise().end()
          await database.drop()
        },
      }
    },
  },
]

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`limits in ${kind.name}`, () => {
    let backend: Awaited<ReturnType<BackendKind['open']>>
    beforeAll(async () => {
      backend = await kind.open()
    }, START_LIMIT_MS)
    afterAll(() => backend.close())
    const own = (prefix: string): MakeLimiter => {
      return (options) =>
        backend.limiter({ ...options, keyPrefix: `${prefix}:${options.keyPrefix}` })
    }

    it('S026 S028 count together for all processes, also at once', async () => {
      const setups = await nodes(own('together'))
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, n) => guess(setups[n % 2] as Setup)),
      )
      expect(setups.flatMap(({ errors }) => errors)).toEqual([])
      expect(outcomes.filter((outcome) => outcome === 'invalid_credentials')).toHaveLength(5)
      for (const setup of setups) {
        expect(await answerOf(setup, PASSWORD)).toBe('rate_limited')
        expect(await answerOf(setup, PASSWORD, HOME)).toBe('in')
      }
    })

    it('S029 are forgotten by all processes with a login, and know its address', async () => {
      const [one, other] = await nodes(own('forgotten'))
      if (one === undefined || other === undefined) throw new Error('there are no two')
      for (let n = 0; n < 4; n += 1) expect(await guess(one, HOME)).toBe('invalid_credentials')
      expect(await answerOf(other, PASSWORD, HOME)).toBe('in')
      for (let n = 0; n < 4; n += 1) expect(await guess(one, HOME)).toBe('invalid_credentials')
      expect(await answerOf(other, PASSWORD, HOME)).toBe('in')
      // Time passes here as everywhere: until more than one second is left.
      for (let n = 0, wait = 0; wait < 2; n += 1) wait = await waitOf(one, `203.0.113.${n}`)
      expect(await answerOf(one, PASSWORD, ELSEWHERE)).toBe('rate_limited')
      expect(await answerOf(other, PASSWORD, HOME)).toBe('in')
    })

    it('hold no address and no identifier', async () => {
      const [setup] = await nodes(own('hidden'), 1)
      if (setup === undefined) throw new Error('there is none')
      await guess(setup)
      await setup.auth.forgotPassword({ identifier: EMAIL }, HOME)
      await setup.auth.close()
      const keys = (await backend.keys()).filter((key) => key.startsWith('hidden:'))
      expect(keys.length).toBeGreaterThan(3)
      for (const key of keys) {
        expect(key).toMatch(/^hidden:latchkey:[A-Za-z]+:[\w:-]+$/)
        expect(key).not.toMatch(/ada|example|192\.0|198\.51/)
      }
    })
  })
}

describe.skipIf(!hasRedis)('limits whose Redis goes away', () => {
  let server: OwnServer
  beforeAll(async () => {
    server = await startRedis()
  }, START_LIMIT_MS)
  afterAll(() => server.stop())

  it('S103 go on in memory, say so once a minute, and count in Redis again when it is back', async () => {
    const redis = new Redis(server.url, { retryStrategy: () => 50 })
    redis.on('error', () => {})
    onTestFinished(() => redis.disconnect())
    const limiter: MakeLimiter = (options) =>
      new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true })
    await isReady(redis)
    const [setup] = await nodes(limiter, 1)
    if (setup === undefined) throw new Error('there is none')
    for (let n = 0; n < 3; n += 1) expect(await guess(setup)).toBe('invalid_credentials')

    await server.kill()
    const began = performance.now()
    const outcomes = []
    for (let n = 0; n < 10; n += 1) outcomes.push(await guess(setup))
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill('invalid_credentials'))
    expect(outcomes.slice(5)).toEqual(Array(5).fill('rate_limited'))
    expect(await answerOf(setup, PASSWORD, HOME)).toBe('in')
    expect(performance.now() - began).toBeLessThan(5000)
    expect(setup.errors).toHaveLength(1)
    setup.clock.advance(30)
    await guess(setup)
    expect(setup.errors).toHaveLength(1)
    setup.clock.advance(31)
    await guess(setup)
    expect(setup.errors).toHaveLength(2)

    await server.restart()
    await isReady(redis)
    setup.clock.advance(5)
    await guess(setup, HOME)
    expect(await redis.keys('latchkey:logins:*')).not.toEqual([])
    expect(setup.errors).toHaveLength(2)
  })
})

it('S103 keep no request waiting for a backend that takes it and says nothing', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { readonly port: number }
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null })
  redis.on('error', () => {})
  onTestFinished(() => {
    redis.disconnect()
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const limiter: MakeLimiter = (options) => new RateLimiterRedis({ ...options, storeClient: redis })
  const [setup] = await nodes(limiter, 1)
  if (setup === undefined) throw new Error('there is none')
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => guess(setup)))
  expect(outcomes.filter((outcome) => outcome === 'invalid_credentials')).toHaveLength(5)
  expect(await answerOf(setup, PASSWORD, HOME)).toBe('in')
  expect(setup.errors).toHaveLength(1)
})
