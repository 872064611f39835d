import * as z from 'zod'
import type { Settings } from '../context.ts'
import {
  accountSchema,
  eventPageSchema,
  eventSchema,
  problemSchema,
  sessionSchema,
  startedSchema,
  tokensSchema,
  userSchema,
} from './answer.ts'
import { examplesOfRefusals } from './openapi-examples.ts'
import { type Json, pathOf, reference, refusals } from './openapi-refusals.ts'
import type { Route } from './route.ts'

/** The HTTP surface as an OpenAPI 3.1 document. */
export interface OpenapiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Json
  readonly components: {
    readonly schemas: Json
    readonly examples: Json
    readonly securitySchemes: Json
  }
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

function describe(served: readonly Route[], settings: Settings): OpenapiDocument {
  const routes = served.map((route) => withRefusalsUnder(settings, route))
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
    components: {
      schemas: schemasOf(routes, settings),
      examples: examplesOfRefusals,
      securitySchemes,
    },
  }
}

function withRefusalsUnder(settings: Settings, route: Route): Route {
  const { refusals = [], refusalsUnder = () => [] } = route
  return { ...route, refusals: [...refusals, ...refusalsUnder(settings)] }
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
  if (!path.includes(':id')) return operations
  const schema = { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' }
  return { parameters: [{ name: 'id', in: 'path', required: true, schema }], ...operations }
}

function operation(route: Route): Json {
  const { takes } = route
  return {
    operationId: route.operation,
    summary: route.summary,
    security: security(route),
    ...(takes !== null && inputOf(route.operation, takes)),
    ...(route.uploads !== undefined && {
      requestBody: { required: true, content: texts(route.uploads) },
    }),
    responses: { [route.answers.status]: answer(route), ...refusals(route) },
  }
}

/** An empty requirement is none: what stands in the header is one way, the body another. */
function security({ access, takes }: Route): readonly Json[] {
  if (access !== 'anyone') return [{ accessToken: [] }]
  const credentials = takes?.door.credentials ?? []
  return credentials.length === 0 ? [] : [{}, ...credentials.map((name) => ({ [name]: [] }))]
}

function inputOf(name: string, takes: NonNullable<Route['takes']>): Json {
  return takes.door.types.length === 0
    ? { parameters: parameters(takes) }
    : { requestBody: requestBody(name, takes) }
}

function parameters({ input }: NonNullable<Route['takes']>): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(input(), { io: 'input', override })
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = Object(schema)
    const told = description === undefined ? {} : { description }
    return { name, in: 'query', required: required.includes(name), ...told, schema: rest }
  })
}

function requestBody(name: string, { door }: NonNullable<Route['takes']>): Json {
  const schema = reference(inputName(name))
  return {
    required: door.credentials.length === 0 && door.isOptional !== true,
    content: Object.fromEntries(door.types.map((type) => [type, { schema }])),
  }
}

function answer({ operation: name, answers }: Route): Json {
  const { description, schema, file } = answers
  if (file !== undefined) return { description, content: texts(file.types) }
  if (schema === null) return { description }
  return {
    description,
    content: { 'application/json': { schema: reference(answerName(name, schema)) } },
  }
}

/** Bodies that are no JSON. */
function texts(types: readonly string[]): Json {
  return Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]))
}

const named = new Map<() => z.ZodType, string>([
  [userSchema, 'User'],
  [accountSchema, 'Account'],
  [sessionSchema, 'Session'],
  [eventSchema, 'Event'],
  [eventPageSchema, 'EventPage'],
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
    if (input !== undefined && takes?.door.types.length !== 0)
      registry.add(input, { id: inputName(name) })
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

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
