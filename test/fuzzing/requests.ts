import type { Auth, AuthOptions } from '@latchkey/core'
import fc from 'fast-check'
import { documentOf, type LocatedOperation, operationsOf } from '../support/openapi-traffic.ts'
import { bodyFor, bytesOf, type FuzzedBody, headersOf } from './bodies.ts'
import { type Credential, credentialsFor, headersOfCredentials } from './credentials.ts'
import { type Material, type Member, membersFor, queryText, type Schema } from './inputs.ts'
import { anyText } from './odd-values.ts'
import type { ShownToken } from './tokens.ts'

/** A request as a counterexample shows it: tokens by their names. */
export interface FuzzedRequest {
  readonly method: string
  /** With `{id}` where an id stands. */
  readonly path: string
  /** The name of an id, or what stands in its place. */
  readonly id: string
  readonly query: readonly Member[] | string
  readonly credentials: readonly Credential[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: FuzzedBody | null
}

/** What goes over the wire. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | null
}

/** By what a request can be told to name something that exists. */
export interface Names extends Omit<Material, 'schemas'> {
  /** Who asks, most of the time. */
  readonly who: string
  /** How tokens travel. */
  readonly transport: NonNullable<AuthOptions['transport']>
  /** Of ids. */
  readonly ids: readonly string[]
}

/** Requests for every operation that the auth serves. */
export function requestsTo(auth: Auth, names: Names): fc.Arbitrary<FuzzedRequest> {
  const document = documentOf(auth)
  const material = { ...names, schemas: document.components.schemas as Material['schemas'] }
  return fc.oneof(
    ...operationsOf(document).map((operation) => requestFor(operation, names, material)),
  )
}

function requestFor(
  operation: LocatedOperation,
  names: Names,
  material: Material,
): fc.Arbitrary<FuzzedRequest> {
  return fc.record({
    method: mostly(operation.method, fc.constantFrom(...METHODS)),
    path: mostly(operation.path, pathLike(operation.path)),
    id: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names.ids) }, anyText),
    query: queryFor(operation, material),
    credentials: credentialsFor(operation, names),
    headers: fc.array(anyHeader, { maxLength: 3 }),
    body: bodyFor(operation, material),
  })
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY']

function mostly<Value>(usual: Value, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })
}

/** Other spellings of a path, and what is none. */
function pathLike(path: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      `/${path}`,
      `${path}/`,
      `${path}//`,
      `/.${path}`,
      `/..${path}`,
      `/x/..${path}`,
      `${path}/..`,
      `${path};a=b`,
      `${path}%00`,
      `${path}%20`,
      `${path}%2f`,
      `${path}%`,
      path.toUpperCase(),
      path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      path.replaceAll('/', '\\'),
      path.replaceAll('/', '%2F'),
      path.repeat(300),
      '*',
    ),
    anyText.map((text) => `${path}/${encodeURIComponent(text.toWellFormed())}`),
  )
}

function queryFor(
  { parameters = [] }: LocatedOperation,
  material: Material,
): fc.Arbitrary<FuzzedRequest['query']> {
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]))
  const asked = membersFor({ properties: properties as Record<string, Schema> }, material)
  const raw = fc.constantFrom(
    '?',
    '%',
    '%ff=%ff',
    'a=1&a=2',
    '__proto__=1',
    '__proto__[a]=1',
    'a[]=1',
    '&&==',
    'token=a&access_token=b',
    'a'.repeat(6000),
  )
  return parameters.length > 0
    ? fc.oneof({ weight: 9, arbitrary: asked }, raw)
    : fc.oneof({ weight: 9, arbitrary: fc.constant('') }, raw, asked)
}

const HEADERS = [
  'accept',
  'accept-language',
  'cookie',
  'forwarded',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'origin',
  'range',
  'referer',
  'sec-fetch-site',
  'te',
  'user-agent',
  'x-access-token',
  'x-csrf-token',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-http-method-override',
  'x-original-url',
  'x-user-id',
]

const anyHeader: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(fc.constantFrom(...HEADERS), anyText),
  fc.constantFrom<readonly [string, string]>(
    ['if-none-match', '*'],
    ['if-modified-since', 'Thu, 01 Jan 2099 00:00:00 GMT'],
    ['range', 'bytes=0-0'],
    ['range', 'bytes=5-1,-9'],
    ['expect', '100-continue'],
    ['x-http-method-override', 'DELETE'],
    ['cookie', '__Host-at=a; __Host-at=b; __proto__=c; =d; "e'],
    ['cookie', `a=${'b'.repeat(6000)}`],
    ['origin', 'null'],
    ['origin', 'https://app.example.evil.example'],
    ['sec-fetch-site', 'cross-site'],
    ['x-forwarded-for', '::ffff:1.2.3.4, unknown, "[::1]:x"'],
    ['connection', 'upgrade'],
    ['accept-encoding', 'gzip;q=0, *;q=9'],
    ['content-language', '../../x'],
  ),
)

/** The request as it is sent, with the tokens and ids that have these names. */
export function toWire(
  request: FuzzedRequest,
  tokenText: (token: ShownToken) => string,
  ids: Readonly<Record<string, string>>,
): WireRequest {
  const { method, path, id, query, credentials, headers, body } = request
  const known = Object.hasOwn(ids, id) ? ids[id] : undefined
  const segment = known ?? encodeURIComponent(id.toWellFormed())
  const search = typeof query === 'string' ? query : queryText(query, tokenText)
  const target = path.replace('{id}', segment) + (search === '' ? '' : `?${search}`)
  return {
    method,
    target: target.startsWith('/') || target === '*' ? target : `/${target}`,
    headers: [...headers, ...headersOfCredentials(credentials, tokenText), ...headersOf(body)].map(
      ([name, value]) => [name, headerText(value)],
    ),
    body: body && bytesOf(body, tokenText),
  }
}

/** Of characters that Node lets into a header. */
function headerText(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 6000)
}
