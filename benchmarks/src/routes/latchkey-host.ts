// A route in a process of its own: node latchkey-host.ts '{"host":"express","guard":{}}'
import { type Auth, createAuth, generateSigningKey, type RevocationPush } from '@latchkey/core'
import { redisPush } from '@latchkey/core/redis'
import * as onExpress from '@latchkey/express-adapter'
import * as onKoa from '@latchkey/koa-adapter'
import { memoryStore } from '@latchkey/memory-store'
import { postgresPush, sqlStore } from '@latchkey/sql-store'
import express from 'express'
import { Redis } from 'ioredis'
import Koa from 'koa'
import { benchOptions, logInMany } from '../accounts.ts'
import { countedVerbs } from '../statements/counted.ts'
import { ANSWER, host } from './host.ts'

/** How the route is served and guarded. */
export interface LatchkeyRoute {
  readonly host: 'express' | 'koa'
  /** `null` for the bare route. */
  readonly guard: {
    readonly consistency?: 'feed' | 'strict'
    readonly transport?: 'bearer' | 'cookie'
  } | null
  readonly alg?: 'HS256' | 'ES256' | 'EdDSA'
  /** Of a database without tables, or of one that another node has filled. @default in memory */
  readonly database?: string
  readonly push?: 'postgres' | { readonly redis: string }
  /** How many are logged in. */
  readonly sessions: number
}

const route: LatchkeyRoute = JSON.parse(process.argv[2] ?? '')
let queries = 0
const auth = await createRouteAuth(route)
const logins = await logInMany(auth, route.sessions)
const isCookie = route.guard?.transport === 'cookie'

host({
  listener: { express: expressRoute, koa: koaRoute }[route.host](),
  sessions: logins.map(({ accessToken, refreshToken }) =>
    isCookie
      ? { cookie: `__Host-at=${accessToken}; __Host-rt=${refreshToken}` }
      : { authorization: `Bearer ${accessToken}` },
  ),
  logout: route.guard === null || isCookie ? null : '/auth/logout',
  queries: () => queries,
})

async function createRouteAuth({ alg = 'HS256', database, push }: LatchkeyRoute): Promise<Auth> {
  const sql = database === undefined ? null : sqlStore({ url: database })
  await sql?.migrate()
  const count = () => {
    queries += 1
  }
  return createAuth({
    ...benchOptions({ store: countedVerbs(sql ?? memoryStore(), count) }),
    accessToken: { lifetime: 3600 }, // longer than the benchmark
    ...(alg !== 'HS256' && { signing: { keys: [await generateSigningKey(alg)] } }),
    ...(push !== undefined && { revocation: { push: pushBy(push, database ?? '') } }),
  })
}

function pushBy(push: NonNullable<LatchkeyRoute['push']>, database: string): RevocationPush {
  return push === 'postgres' ? postgresPush({ url: database }) : redisPush(new Redis(push.redis))
}

function expressRoute() {
  const app = express()
  const guards = route.guard === null ? [] : [onExpress.requireAuth(auth, route.guard)]
  app.get('/protected', ...guards, (_request, response) => {
    response.json(ANSWER)
  })
  app.use('/auth', onExpress.authRouter(auth))
  return app
}

function koaRoute() {
  const app = new Koa()
  if (route.guard !== null) app.use(onKoa.requireAuth(auth, route.guard))
  app.use((ctx) => {
    ctx.body = ANSWER
  })
  return app.callback()
}
