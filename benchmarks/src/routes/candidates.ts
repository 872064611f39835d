import type { LatchkeyRoute } from './latchkey-host.ts'
import type { RouteProgram } from './route-process.ts'

/** A way to guard a route. */
export interface Candidate {
  readonly name: string
  /** The bare route of the framework that it runs on. */
  readonly base: string
  readonly program: RouteProgram
  /** What becomes of the session after a logout, in its own way of working. */
  readonly revocation: string
}

/** Databases without tables: each candidate needs one for itself. */
export interface CandidateDatabases {
  readonly sqlite: () => Promise<string>
  /** `null` where there is no PostgreSQL. */
  readonly postgres: (() => Promise<string>) | null
}

const LATCHKEY = `${import.meta.dirname}/latchkey-host.ts`
const PEERS = `${import.meta.dirname}/../../peers`

const EXPRESS = 'bare Express 5'
const KOA = 'bare Koa 3'
const FEED = 'at once here, on other nodes within about 1 s'
const AT_ONCE = 'at once'
const EXPIRES = 'when the token expires'

/** All of them, with so many sessions each. The bare route of Express stands there twice, to tell what is chance. */
export async function candidates(
  sessions: number,
  { sqlite, postgres }: CandidateDatabases,
): Promise<readonly Candidate[]> {
  const ours = (name: string, revocation: string, route: Omit<LatchkeyRoute, 'sessions'>) => ({
    name,
    base: route.host === 'koa' ? KOA : EXPRESS,
    program: { file: LATCHKEY, argument: JSON.stringify({ sessions, ...route }) },
    revocation,
  })
  const peer = (name: string, file: string, revocation: string, argument: object) => ({
    name,
    base: EXPRESS,
    program: { file: `${PEERS}/${file}`, argument: JSON.stringify({ sessions, ...argument }) },
    revocation,
  })
  const onPostgres = async (make: (database: string) => Candidate) =>
    postgres === null ? [] : [make(await postgres())]
  const guard = {}
  const strict = { consistency: 'strict' } as const
  return [
    // Logged in, so that the bare routes get the same headers.
    ours(EXPRESS, '', { host: 'express', guard: null }),
    ours('Latchkey, Express', FEED, { host: 'express', guard }),
    ours(KOA, '', { host: 'koa', guard: null }),
    ours('Latchkey, Koa', FEED, { host: 'koa', guard }),
    ours('Latchkey, cookies', FEED, { host: 'express', guard: { transport: 'cookie' } }),
    ours('Latchkey, ES256', FEED, { host: 'express', guard, alg: 'ES256' }),
    ours('Latchkey, EdDSA', FEED, { host: 'express', guard, alg: 'EdDSA' }),
    ours(`${EXPRESS}, once more`, '', { host: 'express', guard: null }),
    ours('Latchkey, SQLite', FEED, { host: 'express', guard, database: await sqlite() }),
    ...(await onPostgres((database) =>
      ours('Latchkey, PostgreSQL', FEED, { host: 'express', guard, database }),
    )),
    ours('Latchkey strict, in memory', AT_ONCE, { host: 'express', guard: strict }),
    ours('Latchkey strict, SQLite', AT_ONCE, {
      host: 'express',
      guard: strict,
      database: await sqlite(),
    }),
    ...(await onPostgres((database) =>
      ours('Latchkey strict, PostgreSQL', AT_ONCE, { host: 'express', guard: strict, database }),
    )),
    peer('express-jwt', 'express-jwt.mjs', EXPIRES, { key: 'string' }),
    peer('express-jwt, prepared key', 'express-jwt.mjs', EXPIRES, { key: 'prepared' }),
    peer('passport-jwt', 'passport-jwt.mjs', EXPIRES, { key: 'string' }),
    peer('passport-jwt, prepared key', 'passport-jwt.mjs', EXPIRES, { key: 'prepared' }),
    peer('express-session + Passport, in memory', 'passport-session.mjs', AT_ONCE, {}),
    ...(await onPostgres((database) =>
      peer('express-session + Passport, PostgreSQL', 'passport-session.mjs', AT_ONCE, { database }),
    )),
    peer('better-auth, in memory', 'better-auth.mjs', AT_ONCE, {}),
    peer('better-auth, SQLite', 'better-auth.mjs', AT_ONCE, { database: await sqlite() }),
    peer(
      'better-auth, SQLite and cookie cache',
      'better-auth.mjs',
      'when its cache expires, by default after 5 min',
      {
        database: await sqlite(),
        cookieCache: true,
      },
    ),
  ]
}
