import type { Activation } from './context.ts'
import type { Argon2Cost } from './crypto/hash-formats/stored-hash.ts'
import { ConfigurationError } from './errors.ts'
import { exactOrigin, isSafeOrigin } from './origins.ts'

function wrong(option: string, remedy: string): ConfigurationError {
  return new ConfigurationError('createAuth', option, remedy)
}

export function checkOrigin(origin: string): string {
  const url = exactOrigin(origin)
  if (url === null) {
    throw wrong('origin', 'must be scheme and host without a path, such as "https://app.example"')
  }
  if (!isSafeOrigin(url)) {
    throw wrong(
      'origin',
      'must begin with "https://" ("http://localhost:…" is fine in development)',
    )
  }
  return origin
}

interface TogetherOptions {
  readonly identifiers: readonly string[]
  readonly optionalIdentifiers: readonly string[]
  readonly mailer?: unknown
  readonly sms?: unknown
  readonly roles: readonly string[]
  readonly defaultRoles?: readonly string[] | undefined
  readonly permissions: Readonly<Record<string, unknown>>
  readonly sessions: { readonly idleLifetime: number; readonly absoluteLifetime: number }
  readonly accessToken: { readonly lifetime: number }
}

/** Options that make no sense together. */
export function checkTogether(data: TogetherOptions, activation: Activation): void {
  checkActivation(data, activation)
  checkSenders(data)
  checkRoles(data)
  const { idleLifetime, absoluteLifetime } = data.sessions
  if (idleLifetime < 2 * data.accessToken.lifetime) {
    throw wrong('sessions.idleLifetime', 'must be at least twice "accessToken.lifetime"')
  }
  if (idleLifetime > absoluteLifetime) {
    throw wrong('sessions.idleLifetime', 'must be at most "sessions.absoluteLifetime"')
  }
}

function checkActivation({ identifiers, optionalIdentifiers }: TogetherOptions, by: Activation) {
  if ((by === 'email' || by === 'phone') && !identifiers.includes(by)) {
    throw wrong(
      'activation',
      `is "${by}", but "identifiers" has no "${by}": add it, or write "none"`,
    )
  }
  if (optionalIdentifiers.includes(by)) {
    throw wrong('optionalIdentifiers', `must not name "${by}", by which accounts are activated`)
  }
  const unknown = optionalIdentifiers.find((kind) => !identifiers.includes(kind))
  if (unknown !== undefined) {
    throw wrong('optionalIdentifiers', `names "${unknown}": add it to "identifiers" too`)
  }
  if (identifiers.every((kind) => optionalIdentifiers.includes(kind))) {
    throw wrong('optionalIdentifiers', 'must leave one identifier that every account has')
  }
}

function checkSenders({ identifiers, mailer, sms }: TogetherOptions): void {
  const signature = 'is missing: give a function that sends a message, (message) => Promise<void>'
  if (identifiers.includes('email') && mailer === undefined) throw wrong('mailer', signature)
  if (identifiers.includes('phone') && sms === undefined) throw wrong('sms', signature)
}

function checkRoles({ roles, defaultRoles = [], permissions }: TogetherOptions): void {
  if (new Set(roles).size < roles.length) throw wrong('roles', 'must not name a role twice')
  const advice = 'which is not in "roles": add it there, from the least to the most powerful'
  for (const [option, names] of [
    ['defaultRoles', defaultRoles],
    ['permissions', Object.keys(permissions)],
  ] as const) {
    const unknown = names.find((role) => !roles.includes(role))
    if (unknown !== undefined) throw wrong(option, `names "${unknown}", ${advice}`)
  }
}

// OWASP ASVS 5.0, appendix C.2: memory in KiB and the passes it needs at least.
const COST_FLOOR = [
  { memory: 47_104, passes: 1 },
  { memory: 19_456, passes: 2 },
  { memory: 12_288, passes: 3 },
  { memory: 9_216, passes: 4 },
  { memory: 7_168, passes: 5 },
]

export function checkCost(cost: Argon2Cost): Argon2Cost {
  if (COST_FLOOR.some((row) => cost.memory >= row.memory && cost.passes >= row.passes)) return cost
  throw wrong(
    'passwords.cost',
    'is too weak: use at least { memory: 19456, passes: 2 }, or leave it out',
  )
}
