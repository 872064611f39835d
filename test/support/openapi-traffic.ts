import type { Auth, PlainRequest, Reply } from '@latchkey/core'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** An auth, and what it answers in contradiction to its own OpenAPI document. */
export interface WatchedAuth {
  readonly auth: Auth
  /** Each contradiction once, as a sentence. */
  findings(): readonly string[]
}

/** What the checks read of an OpenAPI document. */
export interface OpenapiDocument {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    /** Refusals, by their codes. */
    readonly examples: Readonly<Record<string, { readonly value: Problem }>>
  }
}

/** Problem details (RFC 9457). */
interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

type Method = (typeof METHODS)[number]

/** The operations of a path, by their methods. */
type PathItem = { readonly [method in Method]?: Operation } & {
  readonly parameters?: readonly { readonly schema: { readonly pattern: string } }[]
}

/** What may be asked in one way, and what is answered. */
interface Operation {
  readonly operationId: string
  /** Who may ask, in several ways; empty for everybody. */
  readonly security: readonly object[]
  /** What stands in the query. */
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, Response>>
}

/** An operation, and where it is. */
export interface LocatedOperation extends Operation {
  /** In capitals. */
  readonly method: string
  readonly path: string
}

interface Response {
  readonly headers?: Readonly<Record<string, { readonly required: boolean }>>
  readonly content?: Content
}

type Content = Readonly<
  Record<
    string,
    {
      readonly schema: object
      readonly examples?: Readonly<Record<string, { readonly $ref: string }>>
    }
  >
>

/** The document of an auth. */
export function documentOf(auth: Auth): OpenapiDocument {
  // Whether it is one is said by `openapi.test.ts`.
  return auth.openapi() as OpenapiDocument
}

/** The operations of a document, with their paths. */
export function operationsOf(document: OpenapiDocument): readonly LocatedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [{ ...operation, path, method: method.toUpperCase() }]
    }),
  )
}

/** Watches everything that the auth answers to requests. */
export function watchTraffic(auth: Auth): WatchedAuth {
  const found = new Set<string>()
  const { onAnswer, onProblem } = checksFor(documentOf(auth))
  const note = (about: string, contradictions: readonly string[]) => {
    for (const one of contradictions) found.add(`${about}: ${one}`)
  }
  const watched: Auth = {
    ...auth,
    async handle(request, transport) {
      const reply = await auth.handle(request, transport)
      note(`${request.method} ${request.path}`, onAnswer(request, reply))
      return reply
    },
    problem(error, options) {
      const reply = auth.problem(error, options)
      if (reply !== null) note(`a problem at ${options?.path}`, onProblem(reply))
      return reply
    },
    guard(requirement, where) {
      const guard = auth.guard(requirement, where)
      return async (request) => {
        const admission = await guard(request)
        if (!admission.admitted) note(`a guard of ${request.path}`, onProblem(admission.reply))
        return admission
      }
    },
  }
  return { auth: watched, findings: () => [...found] }
}

/** Each resolves what in an answer contradicts the document. */
interface Checks {
  onAnswer(request: PlainRequest, reply: Reply | null): readonly string[]
  /** For a refusal outside of our routes. */
  onProblem(reply: Reply): readonly string[]
}

// Many hosts serve the same document, and a validator takes longer to make than an answer.
const known = new Map<string, Checks>()

function checksFor(document: OpenapiDocument): Checks {
  const text = JSON.stringify(document)
  const checks = known.get(text) ?? makeChecks(document)
  known.set(text, checks)
  return checks
}

function makeChecks(document: OpenapiDocument): Checks {
  const bodyAt = bodyCheckOf(document)
  const onProblem: Checks['onProblem'] = ({ headers, body }) =>
    mediaType(headers) === PROBLEM
      ? bodyAt(['components', 'schemas', 'Problem'], String(body))
      : [`a refusal is ${mediaType(headers)}`]
  return {
    onProblem,
    onAnswer(request, reply) {
      const [template, item] = itemAt(document, request.path) ?? []
      if (template === undefined || item === undefined || reply === null) {
        return (item === undefined) === (reply === null) ? [] : ['only some paths are documented']
      }
      const method = methods[request.method]
      const operation = method && item[method]
      if (method === undefined || operation === undefined) {
        return reply.status === 405 ? onProblem(reply) : [`a method that is none: ${reply.status}`]
      }
      const response = operation.responses[reply.status]
      if (response === undefined) return [`the status ${reply.status} is not documented`]
      const place = ['paths', template, method, 'responses', `${reply.status}`]
      return [
        ...contentFindings(bodyAt, place, response, reply),
        ...headerFindings(response, reply),
      ]
    },
  }
}

const PROBLEM = 'application/problem+json'

/** What is wrong with the text of a body, by the schema in that place of the document. */
type BodyCheck = (place: readonly string[], body: string) => readonly string[]

function bodyCheckOf(document: OpenapiDocument): BodyCheck {
  const ajv = new Ajv2020({ allErrors: true, validateSchema: false })
  formats.default(ajv)
  // The document is no schema, but what holds them.
  ajv.addVocabulary(Object.keys(document))
  const components = { ...document.components, schemas: closed(document.components.schemas) }
  ajv.addSchema({ ...document, components }, 'document')
  return (place, body) => {
    const names = place.map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1'))
    // Compiled when it is wanted for the first time.
    const validate = ajv.getSchema(`document#/${names.map(encodeURIComponent).join('/')}`)
    if (validate === undefined) throw new Error(`the document has no ${place.join(' ')}`)
    return validate(JSON.parse(body)) ? [] : (validate.errors ?? []).map(complaint)
  }
}

function complaint({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`
}

/** The schemas, taking no member that they do not name: a client would never learn of it. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map(closed)
  const members = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, closed(value)]),
  )
  const isOpen = 'properties' in schema && !('additionalProperties' in schema)
  return isOpen ? { ...members, additionalProperties: false } : members
}

/** A path without a parameter goes before one with it. */
function itemAt({ paths }: OpenapiDocument, path: string) {
  const items = Object.entries(paths).filter(([template, item]) => isAt(template, item, path))
  return items.find(([template]) => template === path) ?? items[0]
}

function isAt(template: string, { parameters = [] }: PathItem, path: string): boolean {
  const [before = '', behind = ''] = template.split('{id}')
  const id = path.slice(before.length, path.length - behind.length)
  return parameters.length === 0
    ? path === template
    : path === before + id + behind &&
        parameters.every(({ schema }) => new RegExp(schema.pattern).test(id))
}

// HEAD is GET, but for the body that the host leaves away.
const methods: Readonly<Record<string, Method>> = {
  HEAD: 'get',
  ...Object.fromEntries(METHODS.map((method) => [method.toUpperCase(), method])),
}

function mediaType(headers: Reply['headers']): string | undefined {
  return headers['content-type']?.split(';', 1)[0]
}

function contentFindings(
  bodyAt: BodyCheck,
  place: readonly string[],
  { content }: Response,
  { status, headers, body }: Reply,
): readonly string[] {
  const type = mediaType(headers)
  if (content === undefined) {
    return body === '' && type === undefined ? [] : [`${status} has a body that is not documented`]
  }
  if (type === undefined || !Object.hasOwn(content, type)) {
    return [`${status} as ${type} is not documented`]
  }
  // A body that is made as it goes out is read by the client alone; for HEAD there is none.
  const isText = typeof body === 'string' && /\/(?:\w+\+)?json$/.test(type)
  return isText ? bodyAt([...place, 'content', type, 'schema'], body) : []
}

function headerFindings(response: Response, { status, headers }: Reply): readonly string[] {
  const documented = new Map(
    Object.entries(response.headers ?? {}).map(([name, one]) => [name.toLowerCase(), one]),
  )
  const isWrong = (name: string) =>
    headers[name] === undefined ? documented.get(name)?.required : !documented.has(name)
  return ['www-authenticate', 'retry-after']
    .filter(isWrong)
    .map((name) => `${status} has the header ${name}, or says so, but not both`)
}
