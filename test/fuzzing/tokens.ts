import fc from 'fast-check'

/** What is done to a token before it is shown. */
interface Mutation {
  readonly name: string
  /** `other` is another token, `at` a number to count with. */
  readonly change: (token: string, other: string, at: number) => string
}

/** A token by its name, and what is done to it: nothing where the mutation is `null`. */
export interface ShownToken {
  readonly token: string
  readonly other: string
  readonly at: number
  readonly mutation: string | null
}

/** Whether it is a token, where there may be a text instead. */
export function isToken(value: string | ShownToken): value is ShownToken {
  return typeof value !== 'string'
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Each makes another text of every token, or is told apart from it by the caller. */
const mutations: readonly Mutation[] = [
  { name: 'one character is another', change: (token, _, at) => withCharacter(token, at, at) },
  { name: 'one bit of a character flips', change: (token, _, at) => withBit(token, at) },
  { name: 'the last character is another', change: (token, _, at) => withCharacter(token, -1, at) },
  { name: 'the last character is its neighbour', change: (token) => withNeighbour(token) },
  { name: 'has its id in capitals', change: (token) => token.replace(UUID, upperCase) },
  { name: 'is cut off', change: (token, _, at) => token.slice(0, at % token.length) },
  { name: 'lacks its beginning', change: (token, _, at) => token.slice(1 + (at % token.length)) },
  { name: 'lacks a character', change: (token, _, at) => without(token, at % token.length) },
  { name: 'has a character more', change: (token, _, at) => token + BASE64URL[at % 64] },
  { name: 'has a character before it', change: (token, _, at) => BASE64URL[at % 64] + token },
  { name: 'has padding', change: (token, _, at) => `${token}${'='.repeat(1 + (at % 3))}` },
  { name: 'has padding in each segment', change: (token) => token.replaceAll('.', '=.') },
  { name: 'is in capitals', change: (token) => token.toUpperCase() },
  { name: 'is in lower case', change: (token) => token.toLowerCase() },
  { name: 'has one letter in another case', change: (token, _, at) => withCase(token, at) },
  { name: 'is in the other base64', change: (token) => standardBase64(token) },
  { name: 'is encoded once more', change: (token) => Buffer.from(token).toString('base64url') },
  { name: 'is decoded', change: (token) => Buffer.from(token, 'base64url').toString('latin1') },
  {
    name: 'has percents',
    change: (token) => `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
  },
  { name: 'stands there twice', change: (token) => token + token },
  { name: 'stands before another', change: (token, other) => `${token}.${other}` },
  { name: 'has a segment of another', change: withSegment },
  {
    name: 'has its segments in another order',
    change: (token) => token.split('.').reverse().join('.'),
  },
  { name: 'has an empty segment', change: (token, _, at) => withSegment(token, '', at) },
  { name: 'has a segment more', change: (token, other) => `${token}.${other.split('.')[0]}` },
  { name: 'has no dots', change: (token) => token.replaceAll('.', '') },
  { name: 'has NUL behind it', change: (token) => `${token}\u0000` },
  { name: 'has a line behind it', change: (token) => `${token}\n` },
  { name: 'has a space before it', change: (token) => ` ${token}` },
  { name: 'has a zero before a number', change: (token) => token.replace(/\.(\d+)\./, '.0$1.') },
  { name: 'has a higher number', change: (token, _, at) => withNumber(token, (n) => n + 1 + at) },
  { name: 'has a lower number', change: (token) => withNumber(token, (n) => n - 1) },
  { name: 'names no algorithm', change: (token) => withHeader(token, { alg: 'none' }) },
  { name: 'is of another type', change: (token) => withHeader(token, { typ: 'JWT' }) },
  { name: 'names a key of its own', change: (token) => withHeader(token, { jwk: { kty: 'oct' } }) },
  { name: 'claims to be for ever', change: (token) => withClaims(token, { exp: 1e12 }) },
  { name: 'claims another role', change: (token) => withClaims(token, { roles: ['admin'] }) },
  { name: 'claims another subject', change: (token, other) => withClaims(token, subjectOf(other)) },
]

const byName = new Map(mutations.map(({ name, change }) => [name, change]))

/** The text of a token among these. A mutation that leaves one of them as it was, makes none of it. */
export function textOf(
  { token, other, at, mutation }: ShownToken,
  tokens: Readonly<Record<string, string>>,
): string {
  const [text = '', otherText = ''] = [tokens[token], tokens[other]]
  const change = mutation === null ? null : byName.get(mutation)
  if (change === undefined) throw new Error(`there is no mutation "${mutation}"`)
  if (change === null || text === '') return text
  const changed = change(text, otherText, at)
  // What is left of spaces around a header's value is nothing.
  return Object.values(tokens).includes(changed.trim()) ? 'left as it was' : changed
}

/** A token as it is, of those that have these names. */
export function wholeToken(names: readonly string[]): fc.Arbitrary<ShownToken> {
  return fc.constantFrom(...names).map((token) => ({ token, other: token, at: 0, mutation: null }))
}

/** A mutated token of those that have these names, with parts of others. */
export function mutatedToken(
  names: readonly string[],
  others: readonly string[] = names,
): fc.Arbitrary<ShownToken> {
  return fc.record({
    token: fc.constantFrom(...names),
    other: fc.constantFrom(...others),
    at: fc.nat({ max: 1000 }),
    mutation: fc.constantFrom(...mutations.map(({ name }) => name)),
  })
}

function withCharacter(token: string, place: number, other: number): string {
  const at = ((place % token.length) + token.length) % token.length
  const index = BASE64URL.indexOf(token[at] ?? '')
  const next = BASE64URL[(index + 1 + (other % 62)) % 64]
  return token.slice(0, at) + next + token.slice(at + 1)
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

function upperCase(text: string): string {
  return text.toUpperCase()
}

/** Most decoders take both for the same bytes. */
function withNeighbour(token: string): string {
  const index = BASE64URL.indexOf(token.at(-1) ?? '')
  return token.slice(0, -1) + BASE64URL[index ^ 1]
}

function withBit(token: string, at: number): string {
  const place = at % token.length
  const flipped = String.fromCharCode(token.charCodeAt(place) ^ (1 << (at % 7)))
  return token.slice(0, place) + flipped + token.slice(place + 1)
}

function withCase(token: string, at: number): string {
  const letters = [...token.matchAll(/[a-z]/gi)].map(({ index }) => index)
  const place = letters[at % Math.max(letters.length, 1)] ?? 0
  const letter = token[place] ?? ''
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  return token.slice(0, place) + other + token.slice(place + 1)
}

function without(token: string, place: number): string {
  return token.slice(0, place) + token.slice(place + 1)
}

function standardBase64(token: string): string {
  return token.replaceAll('-', '+').replaceAll('_', '/')
}

function withSegment(token: string, other: string, at: number): string {
  const segments = token.split('.')
  const place = at % segments.length
  return segments.with(place, other.split('.')[place] ?? '').join('.')
}

function withNumber(token: string, change: (number: number) => number): string {
  return token.replace(/\.(\d+)\./, (_, digits) => `.${change(Number(digits))}.`)
}

function withHeader(token: string, members: object): string {
  const [header = '', ...rest] = token.split('.')
  return [withMembers(header, members), ...rest].join('.')
}

function withClaims(token: string, members: object): string {
  const [header = '', claims = '', ...rest] = token.split('.')
  return [header, withMembers(claims, members), ...rest].join('.')
}

/** Leaves a segment as it is that is no JSON. */
function withMembers(segment: string, members: object): string {
  return Buffer.from(JSON.stringify({ ...jsonIn(segment), ...members })).toString('base64url')
}

function subjectOf(token: string): object {
  const { sub, sid } = jsonIn(token.split('.')[1] ?? '')
  return { sub, sid }
}

function jsonIn(segment: string): { readonly sub?: unknown; readonly sid?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(segment, 'base64url').toString()))
  } catch {
    return {}
  }
}
