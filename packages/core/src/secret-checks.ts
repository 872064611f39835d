import { ConfigurationError } from './errors.ts'
import { PRINTED_SECRETS } from './printed-secrets.ts'
import type { Secrets } from './tokens/keys.ts'

const REMEDY = 'make one with "openssl rand -base64 32"'

/** The secrets, if each may be one. Throws `ConfigurationError`, which never repeats any of them (S054). */
export function checkSecrets(
  secret: string | undefined,
  secrets: readonly (string | undefined)[] | undefined,
): Secrets {
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

// RFC 7518, section 3.2: a key of the size of the hash output.
const MIN_BYTES = 32

function checkSecret(option: string, secret: string | undefined): string {
  if (secret === undefined || Buffer.byteLength(secret) < MIN_BYTES) {
    const missing = secret === undefined ? 'is missing (is its variable set?), and ' : ''
    throw wrong(option, `${missing}must be at least 32 bytes: ${REMEDY}`)
  }
  if (readings(secret).some(isPublic)) {
    throw wrong(option, `is an example that anyone can read: ${REMEDY}`)
  }
  if (readings(secret).some(isPattern)) throw wrong(option, `must be random: ${REMEDY}`)
  if (isHexOfFewerBytes(secret)) {
    throw wrong(option, `must be at least 32 bytes, which are 64 characters of hex: ${REMEDY}`)
  }
  return secret
}

function wrong(option: string, remedy: string): ConfigurationError {
  return new ConfigurationError('createAuth', option, remedy)
}

/** UUIDs are written in hex too. */
function isHexOfFewerBytes(secret: string): boolean {
  return /^[0-9a-f-]+$/i.test(secret) && secret.replaceAll('-', '').length < 2 * MIN_BYTES
}

/** What is written, and what it would say as base64 or hex. */
function readings(secret: string): readonly string[] {
  const decoded = (['base64', 'hex'] as const).map((form) => Buffer.from(secret, form))
  const texts = decoded.map((bytes) => bytes.toString('latin1'))
  return [secret, ...texts.filter(({ length }) => length >= MIN_BYTES / 2)]
}

// Each is so long that a random secret has it less than once in ten thousand million.
const PLACEHOLDER = new RegExp(
  [
    '(?:change|replace)[-_ ]?(?:this|with|before|it[-_ ])',
    '(?:change|replace)[-_ ]?me(?![a-z])',
    '(?:your|super|very|some|jwt|session)[-_ ]?secret|(?:my|own)[-_ ]secret',
    '(?:your|string|token)[-_ ](?:\\d+[-_ ]bit|super|secret)',
    'secret[-_ ]?key|secret[-_ ]?(?:value|string|token)',
    'at[-_ ]least[-_ ]\\d',
    'do[-_ ]not[-_ ]use|for[-_ ]development|placeholder|insecure|keyboard[-_ ]cat|password',
  ].join('|'),
  'i',
)

function isPublic(text: string): boolean {
  return PRINTED_SECRETS.has(text.trim()) || PLACEHOLDER.test(text)
}

// No random secret of this length comes near any of the three.
const MIN_DIFFERENT_CHARACTERS = 10
const MAX_SAME_SHARE = 0.5
const MAX_NEIGHBOUR_SHARE = 0.75

/** Few characters, a text that begins anew, one character for the most part, or rows such as `abcdef` and `987654`. */
function isPattern(text: string): boolean {
  const counts = Map.groupBy(text, (character) => character)
  const most = Math.max(...[...counts.values()].map(({ length }) => length))
  return (
    counts.size < MIN_DIFFERENT_CHARACTERS ||
    most > MAX_SAME_SHARE * text.length ||
    repeats(text) ||
    neighbours(text) > MAX_NEIGHBOUR_SHARE * (text.length - 1)
  )
}

function repeats(text: string): boolean {
  const periods = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1)
  return periods.some((period) => text.startsWith(text.slice(period)))
}

/** How many characters follow the one before them in the alphabet, forwards or backwards, or repeat it. */
function neighbours(text: string): number {
  return [...text.slice(1)].filter((character, index) => {
    return Math.abs(character.charCodeAt(0) - text.charCodeAt(index)) <= 1
  }).length
}
