import * as z from 'zod'
import type { Settings } from '../context.ts'
import type { Transport } from '../transport.ts'
import {
  accountSchema,
  eventPageSchema,
  eventSchema,
  problemSchema,
  schemaOf,
  sessionSchema,
  startedSchema,
  tokensSchema,
  userSchema,
} from './answer.ts'
import { examplesOfRefusals } from './openapi-examples.ts'
import { type Json, pathOf, reference, refusals } from './openapi-refusals.ts'
import { securityOf, securitySchemes } from './openapi-security.ts'
import type { Route } from './route.ts'
import { cookieSessionSchema, cookieStartSchema } from './session-answer.ts'

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

const documents = new WeakMap<readonly Route[], OpenapiDocument>()

/**
 * The routes as an OpenAPI 3.1 document. Its server is the place where it is read, wherever that is mounted.
 *
 * @param routes What `routesUnder` gives for these settings and this transport.
 */
export function openapiDocument(
  routes: readonly Route[],
  settings: Settings,
  transport: Transport,
): OpenapiDocument {
  const known = documents.get(routes)
  if (known !== undefined) return known
  const document = describe(routes, settings, transport)
  documents.set(routes, document)
  return document
}

function describe(
  served: readonly Route[],
  settings: Settings,
  transport: Transport,
): OpenapiDocument {
  const routes = served.map((route) => withRefusalsUnder(settings, route))
  return {
    openapi: '3.1.0',
    info: { title: `Accounts of ${settings.appName}`, version: '1' },
    servers: [{ url: '.' }],
    paths: Object.fromEntries(
      [...Map.groupBy(routes, ({ path }) => path)].map(([path, rows]) => [
        path.replace(':id', '{id}'),
        pathItem(path, rows, transport),
      ]),
    ),
    components: {
      schemas: schemasOf(routes, settings, transport),
      examples: examplesOfRefusals,
      securitySchemes: securitySchemes(settings, transport),
    },
  }
}

function withRefusalsUnder(settings: Settings, route: Route): Route {
  const { refusals = [], refusalsUnder = () => [] } = route
  return { ...route, refusals: [...refusals, ...refusalsUnder(settings)] }
}

function pathItem(path: string, rows: readonly Route[], transport: Transport): Json {
  const operations = Object.fromEntries(
    rows.map((route) => [route.method.toLowerCase(), operation(route, transport)]),
  )
  if (!path.includes(':id')) return operations
  const schema = { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' }
  return { parameters: [{ name: 'id', in: 'path', required: true, schema }], ...operations }
}

function operation(route: Route, transport: Transport): Json {
  const { takes } = route
  return {
    operationId: route.operation,
    summary: route.summary,
    security: securityOf(route, transport),
    ...(takes !== null && inputOf(route.operation, takes)),
    ...(route.uploads !== undefined && {
      requestBody: { required: true, content: texts(route.uploads) },
    }),
    responses: {
      [route.answers.status]: answer(route, transport),
      ...refusals(route, transport),
    },
  }
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

const SET_COOKIES = { description: 'One line for each cookie.', schema: { type: 'string' } }

function answer(route: Route, transport: Transport): Json {
  const { operation: name, answers } = route
  const { description, file } = answers
  const schema = schemaOf(answers, transport)
  if (file !== undefined) return { description, content: texts(file.types) }
  const cookies = transport === 'cookie' && (answers.session ?? route.cookies) !== undefined
  const told = { description, ...(cookies && { headers: { 'Set-Cookie': SET_COOKIES } }) }
  if (schema === null) return told
  return {
    ...told,
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
  [problemSchema, 'Problem'],
])

/** Which of them are answered is a matter of the transport. */
const namedSessions = new Map<() => z.ZodType, string>([
  [tokensSchema, 'Tokens'],
  [startedSchema, 'StartedSession'],
  [cookieSessionSchema, 'CookieSession'],
  [cookieStartSchema, 'StartedCookieSession'],
])

function answerName(operation: string, schema: () => z.ZodType): string {
  return named.get(schema) ?? namedSessions.get(schema) ?? `${capitalized(operation)}Answer`
}

function inputName(operation: string): string {
  return `${capitalized(operation)}Input`
}

function schemasOf(routes: readonly Route[], settings: Settings, transport: Transport): Json {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of named) registry.add(schema(), { id })
  for (const { operation: name, takes, answers } of routes) {
    const input = takes?.inputUnder?.(settings) ?? takes?.input()
    if (input !== undefined && takes?.door.types.length !== 0)
      registry.add(input, { id: inputName(name) })
    const schema = schemaOf(answers, transport)
    if (schema !== null) registry.add(schema(), { id: answerName(name, schema) })
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
