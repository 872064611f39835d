import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Host, hosts } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { documentOf, type OpenapiDocument, operationsOf } from '../support/openapi-traffic.ts'
import { routeBodies, stringMembers, withMember } from '../support/route-bodies.ts'
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
  readonly schemas: ReadonlyMap<string, ValidateFunction>
  send(path: string, body: unknown): Promise<Outcome>
}

async function serve(): Promise<Doors> {
  const { auth } = await host.setUp({ identifiers: ['email', 'username'] })
  // None of the bodies has this password, so that none of them ends the session.
  const password = 'nobody guesses this one'
  await auth.createUser({ email: 'ada@example.com', username: 'ada', password })
  const { accessToken } = await auth.login({ identifier: 'ada', password })
  const client = await host.serve(auth)
  const schemas = schemasOf(documentOf(auth))
  return {
    schemas,
    async send(path, body) {
      const text = JSON.stringify(body)
      const isOwn = routeBodies.some((route) => route.path === path && route.own)
      const answer = await client.post(path, text, isOwn ? accessToken : undefined)
      const isDocumented = schemas.get(path)?.(JSON.parse(text)) ?? false
      return { isDocumented, status: answer.status, isMalformed: isMalformed(answer) }
    },
  }
}

function schemasOf(document: OpenapiDocument): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020().addVocabulary(['components'])
  const schemas = new Map<string, ValidateFunction>()
  for (const { path, requestBody } of operationsOf(document)) {
    const schema = requestBody?.content['application/json']?.schema
    if (schema !== undefined) {
      schemas.set(path, ajv.compile({ ...schema, components: document.components }))
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

const bodies = routeBodies.map(({ path, body }) => ({ path, body }))
const strings = bodies.flatMap(({ path, body }) =>
  stringMembers(body).map((member) => ({ path, body, member })),
)

const device = (value: unknown) => ({ identifier: 'ada', password: PASSWORD, device: value })

/** Bodies that are wrong in one place, most of them. */
const malformed = [
  ...strings.flatMap(({ path, body, member }) =>
    [0, 1.5, true, null, [], ['a'], {}, { $ne: 1 }, undefined].map((value) => ({
      path,
      body: withMember(body, member, value),
    })),
  ),
  ...bodies.map(({ path, body }) => ({ path, body: { ...body, admin: true } })),
  ...bodies.map(({ path }) => ({ path, body: {} })),
  ...[null, 'Telephone', [], {}, { type: 'Telephone' }].map((value) => ({
    path: '/login',
    body: device(value),
  })),
]

describe('the schema of a body', () => {
  it('takes each valid body', async () => {
    const { schemas } = await serve()
    expect([...schemas.keys()].sort()).toEqual([...new Set(bodies.map(({ path }) => path))].sort())
    for (const { path, body } of bodies) {
      expect(schemas.get(path)?.(body), `${path} ${JSON.stringify(body)}`).toBe(true)
    }
  })

  it('refuses what is missing, unknown or of another type exactly where the server does', async () => {
    const { send } = await serve()
    let refused = 0
    for (const { path, body } of malformed) {
      const { isDocumented, status, isMalformed } = await send(path, body)
      expect(isDocumented, `${path} ${JSON.stringify(body)} ${status}`).toBe(!isMalformed)
      if (isMalformed) refused += 1
    }
    expect(refused).toBeGreaterThan(150)
  })

  it('refuses nothing that the server takes', async () => {
    const { send } = await serve()
    await fc.assert(
      fc.asyncProperty(changed, async ({ path, body }) => {
        const { isDocumented, status, isMalformed } = await send(path, body)
        // A wrong password or token is told before a new password that is too short.
        const isRefused = isMalformed || [400, 403, 413, 422].includes(status)
        expect(isDocumented || isRefused, `${path} ${status}`).toBe(true)
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
  .map(([{ path, body, member }, one, more]) => ({
    path,
    body: { ...withMember(body, member, one), ...more },
  }))

/** Each member with white space around it, more than fits. */
const padded = strings.map(({ path, body, member }): [{ path: string; body: object }] => [
  { path, body: withMember(body, member, `a${' '.repeat(5000)}`) },
])
