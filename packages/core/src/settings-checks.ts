import type { Argon2Cost } from './crypto/argon2.ts'
import { ConfigurationError } from './errors.ts'

function wrong(option: string, remedy: string): ConfigurationError {
  return new ConfigurationError('createAuth', option, remedy)
}

export function checkOrigin(origin: string): string {
  const url = URL.canParse(origin) ? new URL(origin) : null
  if (url === null || url.origin !== origin) {
    throw wrong('origin', 'must be scheme and host without a path, such as "https://app.example"')
  }
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
    throw wrong(
      'origin',
      'must begin with "https://" ("http://localhost:…" is fine in development)',
    )
  }
  return origin
}

interface TogetherOptions {
  readonly identifiers: readonly string[]
  readonly mailer?: unknown
  readonly sessions: { readonly idleLifetime: number; readonly absoluteLifetime: number }
  readonly accessToken: { readonly lifetime: number }
}

/** Options that make no sense together. */
export function checkTogether(data: TogetherOptions, activation: 'email' | 'none'): void {
  const hasEmail = data.identifiers.includes('email')
  if (activation === 'email' && !hasEmail) {
    throw wrong(
      'activation',
      'is "email", but "identifiers" has no "email": add it, or write "none"',
    )
  }
  if (hasEmail && data.mailer === undefined) {
    throw wrong(
      'mailer',
      'is missing: give a function that sends a message, (message) => Promise<void>',
    )
  }
  const { idleLifetime, absoluteLifetime } = data.sessions
  if (idleLifetime < 2 * data.accessToken.lifetime) {
    throw wrong('sessions.idleLifetime', 'must be at least twice "accessToken.lifetime"')
  }
  if (idleLifetime > absoluteLifetime) {
    throw wrong('sessions.idleLifetime', 'must be at most "sessions.absoluteLifetime"')
  }
}

// RFC 7518, section 3.2: a key of the size of the hash output. Fewer different characters are no chance but a pattern.
const MIN_SECRET_BYTES = 32
const MIN_DIFFERENT_CHARACTERS = 10

export function checkSecrets(
  secret: string | undefined,
  secrets: readonly (string | undefined)[] | undefined,
): readonly [string, ...string[]] {
  if (secret !== undefined && secrets !== undefined) {
    throw wrong('secrets', 'stands in place of "secret": give one of the two')
  }
  const [first, ...rest] = secrets ?? [secret]
  const nameOf = (index: number) => (secrets === undefined ? 'secret' : `secrets.${index}`)
  const current = checkSecret(nameOf(0), first)
  const previous = rest.map((one, index) => checkSecret(nameOf(index + 1), one))
  if (new Set([current, ...previous]).size <= previous.length) {
    throw wrong('secrets', 'must not name the same secret twice')
  }
  return [current, ...previous]
}

function checkSecret(option: string, secret: string | undefined): string {
  if (secret === undefined || Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    const missing = secret === undefined ? 'is missing (is its variable set?), and ' : ''
    const advice = 'must be at least 32 bytes: make one with "openssl rand -base64 32"'
    throw wrong(option, missing + advice)
  }
  if (new Set(secret).size < MIN_DIFFERENT_CHARACTERS) {
    throw wrong(option, 'must be random: make one with "openssl rand -base64 32"')
  }
  return secret
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
