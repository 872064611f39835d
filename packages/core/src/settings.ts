import { availableParallelism } from 'node:os'
import * as z from 'zod'
import type { Settings } from './context.ts'
import type { Argon2Cost } from './crypto/argon2.ts'
import { rolesSchema, toConfigurationError } from './input.ts'
import { once } from './once.ts'
import type { AuthOptions } from './options.ts'
import { foldForBlocking } from './passwords.ts'
import { checkCost, checkOrigin, checkSecrets, checkTogether } from './settings-checks.ts'
import { DAY, MINUTE } from './time.ts'
import { ACCESS_TOKEN_CAP } from './tokens/access-token.ts'

const MAX_CLOCK_TOLERANCE = MINUTE

function whole(min: number, max: number, fallback: number, unit = '') {
  const message = `must be a whole number${unit} from ${min} to ${max}`
  return z.int(message).min(min, message).max(max, message).default(fallback)
}

function seconds(min: number, max: number, fallback: number) {
  return whole(min, max, fallback, ' of seconds')
}

function text(message: string) {
  return z.string(message).min(1, message)
}

function callback(message: string) {
  return z.custom<(...input: never[]) => unknown>((value) => typeof value === 'function', message)
}

function link(fallback: string) {
  const message = `must be a path that begins with "/" and contains "{token}", such as "${fallback}"`
  return z
    .string(message)
    .regex(/^\/(?![/\\])[^\s]*\{token\}/, message)
    .default(fallback)
}

function costSchema() {
  return z.strictObject({
    memory: z
      .int('must be a whole number of KiB')
      .min(8, 'must be at least 8')
      .max(262_144, 'must be at most 262144'),
    passes: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(10, 'must be at most 10'),
  })
}

function passwordsSchema() {
  return z.strictObject({
    minLength: whole(8, 64, 8),
    blocked: z.array(z.string(), 'must be a list of strings').default([]),
    cost: costSchema().default({ memory: 19_456, passes: 2 }),
    dangerouslyWeakCost: costSchema().optional(),
    concurrency: whole(1, 1024, hashConcurrency()),
    maxQueue: whole(0, 100_000, 64),
  })
}

function sessionsSchema() {
  return z.strictObject({
    idleLifetime: seconds(2 * MINUTE, 30 * DAY, 7 * DAY),
    absoluteLifetime: seconds(2 * MINUTE, 30 * DAY, 30 * DAY),
    maxPerUser: whole(1, 1000, 25),
  })
}

function secretsSchema() {
  return z
    .array(
      z.string('must be a string of at least 32 bytes').optional(),
      'must be a list of strings, the current secret first',
    )
    .min(1, 'must not be empty')
}

/** Every default and every range, once. */
const optionsSchema = once(() =>
  z.strictObject(
    {
      secret: z.string('must be a string of at least 32 bytes').optional(),
      secrets: secretsSchema().optional(),
      store: z.custom<AuthOptions['store']>(
        isStore,
        'must be a store, such as memoryStore() of @latchkey/memory-store',
      ),
      origin: text('must be the origin that users see, such as "https://app.example"'),
      mailer: callback('must be a function that sends a message').optional(),
      appName: text('must be a name')
        .max(100, 'must be at most 100 characters')
        .regex(/^[^\p{Cc}]*$/u, 'must be one line')
        .optional(),
      issuer: text('must be a string').max(256, 'must be at most 256 characters').optional(),
      audience: text('must be a string').max(256, 'must be at most 256 characters').optional(),
      identifiers: z
        .array(z.enum(['email', 'username'], 'must be "email" or "username"'), 'must be a list')
        .min(1, 'must name at least one kind of identifier, such as ["email"]')
        .default(['email']),
      activation: z.enum(['email', 'none'], 'must be "email" or "none"').optional(),
      links: z
        .strictObject({
          activate: link('/activate#token={token}'),
          resetPassword: link('/reset-password#token={token}'),
        })
        .prefault({}),
      defaultRoles: rolesSchema().default(['user']),
      passwords: passwordsSchema().prefault({}),
      accessToken: z
        .strictObject({ lifetime: seconds(MINUTE, ACCESS_TOKEN_CAP, 10 * MINUTE) })
        .prefault({}),
      sessions: sessionsSchema().prefault({}),
      pendingLifetime: seconds(DAY, 365 * DAY, 7 * DAY),
      clockTolerance: seconds(0, MAX_CLOCK_TOLERANCE, 5),
      maintenance: z.boolean('must be true or false').default(true),
      now: callback('must be a function that returns a Date').optional(),
      onEvent: callback('must be a function').optional(),
      onError: callback('must be a function').optional(),
    },
    'must be an object with at least "secret", "store" and "origin"',
  ),
)

/** What `config.ts` needs besides the {@link Settings}. */
export interface ParsedOptions {
  readonly settings: Settings
  readonly secrets: readonly [string, ...string[]]
  readonly cost: Argon2Cost
  readonly concurrency: number
  readonly maxQueue: number
  readonly maintenance: boolean
}

/** Checks the options and fills in the defaults. Throws `ConfigurationError` for the first that is wrong. */
export function parseOptions(options: AuthOptions): ParsedOptions {
  const parsed = optionsSchema().safeParse(options)
  if (!parsed.success) throw toConfigurationError('createAuth', parsed.error)
  const { data } = parsed
  const { passwords, sessions, accessToken } = data
  const origin = checkOrigin(data.origin)
  const activation = data.activation ?? (data.identifiers.includes('email') ? 'email' : 'none')
  checkTogether(data, activation)
  const settings: Settings = {
    appName: data.appName ?? new URL(origin).host,
    origin,
    issuer: data.issuer ?? origin,
    audience: data.audience ?? origin,
    identifiers: data.identifiers,
    activation,
    links: data.links,
    defaultRoles: data.defaultRoles,
    passwordMinLength: passwords.minLength,
    blockedPasswords: new Set(passwords.blocked.map(foldForBlocking)),
    accessTokenLifetime: accessToken.lifetime,
    idleLifetime: sessions.idleLifetime,
    absoluteLifetime: sessions.absoluteLifetime,
    maxSessionsPerUser: sessions.maxPerUser,
    pendingLifetime: data.pendingLifetime,
    clockTolerance: data.clockTolerance,
  }
  return {
    settings: Object.freeze(settings),
    secrets: checkSecrets(data.secret, data.secrets),
    cost: passwords.dangerouslyWeakCost ?? checkCost(passwords.cost),
    concurrency: passwords.concurrency,
    maxQueue: passwords.maxQueue,
    maintenance: data.maintenance,
  }
}

function isStore(value: unknown): boolean {
  const store = value as Partial<AuthOptions['store']> | null | undefined
  const verbs = [
    store?.users?.insert,
    store?.sessions?.confirm,
    store?.oneTimeTokens?.put,
    store?.events?.append,
    store?.prune,
  ]
  return verbs.every((verb) => typeof verb === 'function')
}

/** One thread of Node's pool stays free: all file, DNS and crypto work of the application waits there too (S010). */
function hashConcurrency(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4) || 4
  return Math.max(1, Math.min(availableParallelism(), threads - 1))
}
