import { availableParallelism } from 'node:os'
import * as z from 'zod'
import { breachCheckSchema } from './breach-options.ts'
import { firebaseScryptSchema } from './firebase-settings.ts'
import { roleSchema, rolesSchema } from './input.ts'
import { limitsSchema } from './limits/limit-options.ts'
import type { Logger } from './logger.ts'
import { messagesSchema } from './messages/messages-schema.ts'
import { once } from './once.ts'
import type { AuthOptions } from './options.ts'
import type { ProfileSchema } from './profile-schema.ts'
import { revocationSchema } from './revocation-options.ts'
import { signingSchema } from './signing-options.ts'
import { DAY, HOUR, MINUTE } from './time.ts'
import { ACCESS_TOKEN_CAP } from './tokens/access-token.ts'
import { transportOptions } from './transport-options.ts'
import { trustProxySchema } from './trusted-proxies.ts'

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

function identifierKind() {
  return z.enum(['email', 'username', 'phone'], 'must be "email", "username" or "phone"')
}

function profileAudience() {
  return z.enum(['owner', 'administrator'], 'must be "owner" or "administrator"')
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
    breachCheck: breachCheckSchema(),
    cost: costSchema().default({ memory: 19_456, passes: 2 }),
    dangerouslyWeakCost: costSchema().optional(),
    concurrency: whole(1, 1024, hashConcurrency()),
    maxQueue: whole(0, 100_000, 64),
    firebaseScrypt: firebaseScryptSchema().optional(),
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

/** What accounts are known by, and who opens them. */
function identifierOptions() {
  return {
    identifiers: z
      .array(identifierKind(), 'must be a list')
      .min(1, 'must name at least one kind of identifier, such as ["email"]')
      .default(['email']),
    optionalIdentifiers: z.array(identifierKind(), 'must be a list').default([]),
    phones: z
      .strictObject({ defaultCountry: text('must be a country, such as "DE"').optional() })
      .prefault({}),
    sms: callback('must be a function that sends a text message').optional(),
    activation: z
      .enum(['email', 'phone', 'admin', 'none'], 'must be "email", "phone", "admin" or "none"')
      .optional(),
  }
}

/** What accounts hold, and what they may do. */
function roleOptions() {
  return {
    profile: z
      .custom<ProfileSchema>(
        isStandardSchema,
        'must be a schema, such as z.object({ displayName: z.string() })',
      )
      .optional(),
    profileRules: z
      .record(
        z.string(),
        z.strictObject({
          read: profileAudience().optional(),
          write: profileAudience().optional(),
        }),
        'must be an object of rules by member of the profile',
      )
      .default({}),
    roles: rolesSchema().min(1, 'must name at least one role').default(['user', 'staff', 'admin']),
    defaultRoles: rolesSchema().optional(),
    permissions: z
      .record(
        roleSchema(),
        z.array(roleSchema(), 'must be a list of permissions'),
        'must be an object of permissions by role',
      )
      .default({}),
  }
}

/** Every default and every range, once. */
export const optionsSchema = once(() =>
  z.strictObject(
    {
      secret: z.string('must be a string of at least 32 bytes').optional(),
      secrets: secretsSchema().optional(),
      signing: signingSchema().optional(),
      store: z.custom<AuthOptions['store']>(
        isStore,
        'must be a store, such as memoryStore() of @latchkey/memory-store',
      ),
      origin: text('must be the origin that users see, such as "https://app.example"'),
      mailer: callback('must be a function that sends a message').optional(),
      messages: messagesSchema().prefault({}),
      appName: text('must be a name')
        .max(100, 'must be at most 100 characters')
        .regex(/^[^\p{Cc}]*$/u, 'must be one line')
        .optional(),
      issuer: text('must be a string').max(256, 'must be at most 256 characters').optional(),
      audience: text('must be a string').max(256, 'must be at most 256 characters').optional(),
      ...identifierOptions(),
      links: z
        .strictObject({
          activate: link('/activate#token={token}'),
          resetPassword: link('/reset-password#token={token}'),
          changeEmail: link('/change-email#token={token}'),
          undoEmailChange: link('/undo-email-change#token={token}'),
          acceptInvitation: link('/accept-invitation#token={token}'),
        })
        .prefault({}),
      ...roleOptions(),
      ...transportOptions(),
      undoWindow: seconds(HOUR, 30 * DAY, 7 * DAY),
      deletionGrace: seconds(0, 365 * DAY, 0),
      impersonation: z
        .union(
          [z.boolean(), z.strictObject({ lifetime: seconds(MINUTE, HOUR, 15 * MINUTE) })],
          'must be true, false, or { lifetime: … } with 60 to 3600 seconds',
        )
        .default(false),
      auditRetention: seconds(DAY, 3650 * DAY, 365 * DAY),
      passwords: passwordsSchema().prefault({}),
      accessToken: z
        .strictObject({ lifetime: seconds(MINUTE, ACCESS_TOKEN_CAP, 10 * MINUTE) })
        .prefault({}),
      sessions: sessionsSchema().prefault({}),
      pendingLifetime: seconds(DAY, 365 * DAY, 7 * DAY),
      revocation: revocationSchema(),
      limits: limitsSchema(),
      trustProxy: trustProxySchema(),
      clockTolerance: seconds(0, MAX_CLOCK_TOLERANCE, 5),
      maintenance: z.boolean('must be true or false').default(true),
      now: callback('must be a function that returns a Date').optional(),
      logger: z
        .custom<Logger>(isLogger, 'must be a logger, such as pino(): with info, warn and error')
        .optional(),
      onError: callback('must be a function').optional(),
    },
    'must be an object with at least "secret", "store" and "origin"',
  ),
)

function isStandardSchema(value: unknown): boolean {
  const standard: unknown = Object(value)['~standard']
  return typeof Object(standard).validate === 'function'
}

function isLogger(value: unknown): boolean {
  const { info, warn, error }: Partial<Record<string, unknown>> = Object(value)
  return [info, warn, error].every((verb) => typeof verb === 'function')
}

function isStore(value: unknown): boolean {
  const store = value as Partial<AuthOptions['store']> | null | undefined
  const verbs = [
    store?.users?.insert,
    store?.users?.list,
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
