import type { AuthErrorCode } from '../errors.ts'
import type { Transport } from '../transport.ts'
import { isUnsafe } from './csrf.ts'
import type { Door } from './door.ts'
import { examplesOf } from './openapi-examples.ts'
import { problems } from './problem.ts'
import type { Route } from './route.ts'

/** A piece of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>

/** What a route answers when it refuses, by status. */
export function refusals(route: Route, transport: Transport): Json {
  const own = transport === 'cookie' && isUnsafe(route) ? ofPage : []
  const byStatus = Map.groupBy([...codesOf(route), ...own], (code) => problems[code].status)
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, refusal(codes)]))
}

const ofPage: readonly AuthErrorCode[] = ['csrf_failed']
const always: readonly AuthErrorCode[] = ['internal_error']
const ofStore: readonly AuthErrorCode[] = ['unavailable']
const ofBody: readonly AuthErrorCode[] = ['payload_too_large', 'unsupported_media_type']
const ofInput = ({ types }: Door): readonly AuthErrorCode[] => [
  'invalid_request',
  ...(types.length === 0 ? [] : ofBody),
  'invalid_input',
]
const ofSession: readonly AuthErrorCode[] = [
  'invalid_request',
  'unauthenticated',
  'invalid_token',
  'token_stale',
]

/** Every code that a route may refuse with. */
function codesOf({
  access,
  takes,
  uploads,
  refusals = [],
  isStatic,
}: Route): readonly AuthErrorCode[] {
  const isOwn = access !== 'anyone'
  return [
    ...new Set([
      ...(takes === null ? [] : [...ofInput(takes.door), ...takes.door.refusals]),
      ...(uploads === undefined ? [] : (['unsupported_media_type'] as const)),
      ...(isOwn ? ofSession : []),
      ...(isOwn && access.maxAge !== undefined ? (['reauth_required'] as const) : []),
      ...(isOwn && access.permission !== undefined ? (['forbidden'] as const) : []),
      ...refusals,
      ...always,
      ...(isStatic ? [] : ofStore),
      ...(isOwn || isStatic ? [] : (['rate_limited'] as const)),
    ]),
  ]
}

function refusal(codes: readonly AuthErrorCode[]): Json {
  const narrowed = { type: 'object', properties: { code: { enum: codes } } }
  const schema = { allOf: [reference('Problem'), narrowed] }
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
    ...headersOf(codes),
    content: { 'application/problem+json': { schema, examples: examplesOf(codes) } },
  }
}

const header = (description: string, required: boolean): Json => ({
  description,
  required,
  schema: { type: 'string' },
})

const challenges = (code: AuthErrorCode) => problems[code].challenge !== undefined

/** As far as one of the codes comes with it. */
function headersOf(codes: readonly AuthErrorCode[]): Json {
  const headers = {
    ...(codes.some(challenges) && {
      'WWW-Authenticate': header(
        'What is wanted (RFC 6750, section 3; RFC 9470).',
        codes.every(challenges),
      ),
    }),
    ...(codes.some((code) => [429, 503].includes(problems[code].status)) && {
      'Retry-After': header('Seconds after which a retry makes sense.', true),
    }),
    ...(codes.includes('rate_limited') && {
      'RateLimit-Policy': header('The rule, and what it allows.', true),
      RateLimit: header('What is left of it, and when there will be more.', true),
    }),
  }
  return Object.keys(headers).length === 0 ? {} : { headers }
}

/** A schema by its name. */
export function reference(id: string): Json {
  return { $ref: pathOf(id) }
}

/** Where the schema of that name stands. */
export function pathOf(id: string): string {
  return `#/components/schemas/${id}`
}
