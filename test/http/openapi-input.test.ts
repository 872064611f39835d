import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Host, hosts } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { documentOf, type OpenapiDocument, operationsOf } from '../support/openapi-traffic.ts'
import { everyRoute, routeBodies, stringMembers, withMember } from '../support/route-bodies.ts'
import { PASSWORD } from '../support/setup.ts'

const [host] = hosts as readonly [Host, ...Host[]]

/** What came of a body. */
interface Outcome {
  /** Whether the schema takes it. */
  readonly isDocumented: boolean
  readonly status: number
  /** Whether the server refuses it for what a schema alone can tell. */
  readonly isMalformed: boolean
}

/** A server, and a validator for the schema of the body of each route that takes one. */
interface Doors {
  /** By method and path. */
  readonly schemas: ReadonlyMap<string, ValidateFunction>
  /** To a route, by method and path. */
  send(route: string, body: unknown): Promise<Outcome>
}

async function serve(): Promise<Doors> {
  const { auth } = await host.setUp(everyRoute)
  // None of the bodies has this password, so that none of them ends the session.
  const password = 'nobody guesses this one'
  await auth.createUser({ email: 'ada@example.com', username: 'ada', password, roles: ['admin'] })
  const { accessToken } = await auth.login({ identifier: 'ada', password })
  const client = await host.serve(auth)
  const schemas = schemasOf(documentOf(auth))
  return {
    schemas,
    async send(route, body) {
      const text = JSON.stringify(body)
      const { method = '', at = '', own } = routeBodies.find((row) => nameOf(row) === route) ?? {}
      const answer = await client.json(method, at, text, own ? accessToken : undefined)
      const isDocumented = schemas.get(route)?.(JSON.parse(text)) ?? false
      return { isDocumented, status: answer.status, isMalformed: isMalformed(answer) }
    },
  }
}

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`
}

function schemasOf(document: OpenapiDocument): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020().addVocabulary(['components'])
  const schemas = new Map<string, ValidateFunction>()
  for (const { requestBody, ...operation } of operationsOf(document)) {
    const schema = requestBody?.content['application/json']?.schema
    if (schema !== undefined) {
      schemas.set(
        nameOf(operation).replace('{id}', ':id'),
        ajv.compile({ ...schema, components: document.components }),
      )
    }
  }
  return schemas
}

const OF_THE_SCHEMA = ['required', 'unknown_member', 'wrong_type', 'proof_required']

function isMalformed({ status, body }: Answer): boolean {
  const errors: readonly { readonly code: string }[] = body?.errors ?? []
  // Where a token may come as bearer too, an empty object is a request without a credential.
  return status === 422
    ? errors.some(({ code }) => OF_THE_SCHEMA.includes(code))
    : body?.code === 'unauthenticated'
}

const bodies = routeBodies.map((row) => ({ route: nameOf(row), body: row.body }))
const strings = bodies.flatMap(({ route, body }) =>
  stringMembers(body).map((member) => ({ route, body, member })),
)

const device = (value: unknown) => ({ identifier: 'ada', password: PASSWORD, device: value })

/** Bodies that are wrong in one place, most of them. */
const malformed = [
  ...strings.flatMap(({ route, body, member }) =>
    [0, 1.5, true, null, [], ['a'], {}, { $ne: 1 }, undefined].map((value) => ({
      route,
      body: withMember(body, member, value),
    })),
  ),
  ...bodies.map(({ route, body }) => ({ route, body: { ...body, admin: true } })),
  ...bodies.map(({ route }) => ({ route, body: {} })),
  ...[null, 'Telephone', [], {}, { type: 'Telephone' }].map((value) => ({
    route: 'POST /login',
    body: device(value),
  })),
]

describe('the schema of a body', () => {
  it('takes each valid body', async () => {
    const { schemas } = await serve()
    expect([...schemas.keys()].sort()).toEqual(
      [...new Set(bodies.map(({ route }) => route))].sort(),
    )
    for (const { route, body } of bodies) {
      expect(schemas.get(route)?.(body), `${route} ${JSON.stringify(body)}`).toBe(true)
    }
  })

  it('refuses what is missing, unknown or of another type exactly where the server does', {
    timeout: 30_000,
  }, async () => {
    const { send } = await serve()
    let refused = 0
    for (const { route, body } of malformed) {
      const { isDocumented, status, isMalformed } = await send(route, body)
      expect(isDocumented, `${route} ${JSON.stringify(body)} ${status}`).toBe(!isMalformed)
      if (isMalformed) refused += 1
    }
    expect(refused).toBeGreaterThan(150)
  })

  it('refuses nothing that the server takes', { timeout: 30_000 }, async () => {
    const { send } = await serve()
    await fc.assert(
      fc.asyncProperty(changed, async ({ route, body }) => {
        const { isDocumented, status, isMalformed } = await send(route, body)
        // A wrong password or token is told before a new password that is too short.
        const isRefused = isMalformed || [400, 403, 413, 422].includes(status)
        expect(isDocumented || isRefused, `${route} ${status}`).toBe(true)
      }),
      { numRuns: 600, examples: padded },
    )
  })
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.nat(5000).map((length) => 'a'.repeat(length)),
  fc.nat(200).map((length) => `a${' '.repeat(length)}`),
)
const value = fc.oneof(text, fc.jsonValue(), fc.constant(undefined))

/** Valid bodies with another value in one place, and perhaps a member more. */
const changed = fc
  .tuple(fc.constantFrom(...strings), value, fc.dictionary(fc.string(), value, { maxKeys: 1 }))
  .map(([{ route, body, member }, one, more]) => ({
    route,
    body: { ...withMember(body, member, one), ...more },
  }))

/** Each member with white space around it, more than fits. */
const padded = strings.map(({ route, body, member }): [{ route: string; body: object }] => [
  { route, body: withMember(body, member, `a${' '.repeat(5000)}`) },
])
