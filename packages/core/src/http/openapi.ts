import * as z from 'zod'
import type { Settings } from '../context.ts'
import type { AuthErrorCode } from '../errors.ts'
import { problemSchema, sessionSchema, startedSchema, tokensSchema, userSchema } from './answer.ts'
import { problems } from './problem.ts'
import type { Route } from './route.ts'

/** A piece of the document. */
type Json = Readonly<Record<string, unknown>>

/** The HTTP surface as an OpenAPI 3.1 document. */
export interface OpenapiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Json
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json }
}

const documents = new WeakMap<Settings, OpenapiDocument>()

/** The routes as an OpenAPI 3.1 document. Its server is the place where it is read, wherever that is mounted. */
export function openapiDocument(routes: readonly Route[], settings: Settings): OpenapiDocument {
  const known = documents.get(settings)
  if (known !== undefined) return known
  const document = describe(routes, settings)
  documents.set(settings, document)
  return document
}

function describe(routes: readonly Route[], settings: Settings): OpenapiDocument {
  return {
    openapi: '3.1.0',
    info: { title: `Accounts of ${settings.appName}`, version: '1' },
    servers: [{ url: '.' }],
    paths: Object.fromEntries(
      [...Map.groupBy(routes, ({ path }) => path)].map(([path, rows]) => [
        path.replace(':id', '{id}'),
        pathItem(path, rows),
      ]),
    ),
    components: { schemas: schemasOf(routes, settings), securitySchemes },
  }
}

const securitySchemes: Readonly<Record<string, Json>> = {
  accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  refreshToken: { type: 'http', scheme: 'bearer', description: 'The refresh token.' },
  basic: { type: 'http', scheme: 'basic', description: 'Identifier and password (RFC 7617).' },
}

function pathItem(path: string, rows: readonly Route[]): Json {
  const operations = Object.fromEntries(
    rows.map((route) => [route.method.toLowerCase(), operation(route)]),
  )
  if (!path.endsWith('/:id')) return operations
  const schema = { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' }
  return { parameters: [{ name: 'id', in: 'path', required: true, schema }], ...operations }
}

function operation(route: Route): Json {
  const { takes } = route
  return {
    operationId: route.operation,
    summary: route.summary,
    security: security(route),
    ...(takes !== null && { requestBody: requestBody(route.operation, takes) }),
    responses: { [route.answers.status]: answer(route), ...refusals(route) },
  }
}

/** An empty requirement is none: what stands in the header is one way, the body another. */
function security({ access, takes }: Route): readonly Json[] {
  if (access !== 'anyone') return [{ accessToken: [] }]
  const credentials = takes?.door.credentials ?? []
  return credentials.length === 0 ? [] : [{}, ...credentials.map((name) => ({ [name]: [] }))]
}

function requestBody(name: string, { door }: NonNullable<Route['takes']>): Json {
  const schema = reference(inputName(name))
  return {
    required: door.credentials.length === 0,
    content: Object.fromEntries(door.types.map((type) => [type, { schema }])),
  }
}

function answer({ operation: name, answers }: Route): Json {
  const { description, schema } = answers
  if (schema === null) return { description }
  return {
    description,
    content: { 'application/json': { schema: reference(answerName(name, schema)) } },
  }
}

const always: readonly AuthErrorCode[] = ['internal_error']
const ofStore: readonly AuthErrorCode[] = ['unavailable']
const ofInput: readonly AuthErrorCode[] = [
  'invalid_request',
  'payload_too_large',
  'unsupported_media_type',
  'invalid_input',
]
const ofSession: readonly AuthErrorCode[] = [
  'invalid_request',
  'unauthenticated',
  'invalid_token',
  'token_stale',
]

/** Every code that a route may refuse with. */
function codesOf({ access, takes, refusals = [], isStatic }: Route): readonly AuthErrorCode[] {
  const isOwn = access !== 'anyone'
  return [
    ...new Set([
      ...(takes === null ? [] : [...ofInput, ...takes.door.refusals]),
      ...(isOwn ? ofSession : []),
      ...(isOwn && access.maxAge !== undefined ? (['reauth_required'] as const) : []),
      ...refusals,
      ...always,
      ...(isStatic ? [] : ofStore),
    ]),
  ]
}

function refusals(route: Route): Json {
  const byStatus = Map.groupBy(codesOf(route), (code) => problems[code].status)
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, refusal(codes)]))
}

function refusal(codes: readonly AuthErrorCode[]): Json {
  const narrowed = { type: 'object', properties: { code: { enum: codes } } }
  const schema = { allOf: [reference('Problem'), narrowed] }
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
    ...headersOf(codes),
    content: { 'application/problem+json': { schema } },
  }
}

const header = (description: string): Json => ({ description, schema: { type: 'string' } })

/** As far as one of the codes comes with it. */
function headersOf(codes: readonly AuthErrorCode[]): Json {
  const headers = {
    ...(codes.some((code) => problems[code].challenge !== undefined) && {
      'WWW-Authenticate': header('What is wanted (RFC 6750, section 3; RFC 9470).'),
    }),
    ...(codes.some((code) => problems[code].status === 503) && {
      'Retry-After': header('Seconds after which a retry makes sense.'),
    }),
  }
  return Object.keys(headers).length === 0 ? {} : { headers }
}

const named = new Map<() => z.ZodType, string>([
  [userSchema, 'User'],
  [sessionSchema, 'Session'],
  [tokensSchema, 'Tokens'],
  [startedSchema, 'StartedSession'],
  [problemSchema, 'Problem'],
])

function answerName(operation: string, schema: () => z.ZodType): string {
  return named.get(schema) ?? `${capitalized(operation)}Answer`
}

function inputName(operation: string): string {
  return `${capitalized(operation)}Input`
}

function schemasOf(routes: readonly Route[], settings: Settings): Json {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of named) registry.add(schema(), { id })
  for (const { operation: name, takes, answers } of routes) {
    const input = takes?.inputUnder?.(settings) ?? takes?.input()
    if (input !== undefined) registry.add(input, { id: inputName(name) })
    if (answers.schema !== null) {
      registry.add(answers.schema(), { id: answerName(name, answers.schema) })
    }
  }
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: pathOf, override })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]),
  )
}

/** The bounds of JavaScript's integers are no news to a client. */
function override({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}

function reference(id: string): Json {
  return { $ref: pathOf(id) }
}

function pathOf(id: string): string {
  return `#/components/schemas/${id}`
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
