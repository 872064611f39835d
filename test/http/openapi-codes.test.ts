import { type AuthErrorCode, type AuthOptions, createAuth } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { administrationProvocations, invitation } from '../support/administration-provocations.ts'
import { changeProvocations } from '../support/change-provocations.ts'
import { changeUser } from '../support/changes.ts'
import { type Host, hosts } from '../support/hosts.ts'
import type { Answer, HttpClient } from '../support/http-client.ts'
import { limitProvocations, tooOften } from '../support/limit-provocations.ts'
import { intercept } from '../support/nodes.ts'
import { documentOf, type LocatedOperation, operationsOf } from '../support/openapi-traffic.ts'
import { expectProblem } from '../support/problems.ts'
import { ADA, BOB, type Provocations, type Scene, type Sent } from '../support/provocation.ts'
import { requestReset } from '../support/recovery.ts'
import { everyRoute, routeBodies, stringMembers, withMember } from '../support/route-bodies.ts'
import { ORIGIN, PASSWORD, SECRET, type Setup } from '../support/setup.ts'
import { importProvocations } from '../support/transfer-provocations.ts'

const [host] = hosts as readonly [Host, ...Host[]]

const PROBLEM = 'application/problem+json'
const junk = 'Bearer junk'
// Slow enough that requests that are sent together meet.
const slow = { dangerouslyWeakCost: { memory: 65_536, passes: 2 }, concurrency: 1, maxQueue: 0 }

const provocations: Provocations = {
  invalid_request: {
    provoke: ({ isOwn, accessToken, send }) =>
      send(isOwn ? { authorization: `Bearer ${accessToken}, ${junk}` } : { body: '{' }),
  },
  payload_too_large: { provoke: ({ send }) => send({ body: JSON.stringify('x'.repeat(20_000)) }) },
  unsupported_media_type: { provoke: ({ send }) => send({ type: 'text/plain' }) },
  invalid_input: {
    provoke({ body = {}, send }) {
      const [member] = stringMembers(body)
      return send({ query: '?nothing=1', body: member && withMember(body, member, 1) })
    },
  },
  password_too_short: { provoke: (scene) => sendPassword(scene, 'short') },
  password_blocked: { provoke: (scene) => sendPassword(scene, 'password123') },
  username_taken: { provoke: ({ send }) => send({ body: { ...BOB, username: ADA.username } }) },
  invalid_one_time_token: {
    provoke: ({ body, send }) => send({ body: { ...body, token: 'A'.repeat(43) } }),
  },
  wrong_password: {
    provoke: ({ body, send }) => send({ body: { ...body, currentPassword: 'another one' } }),
  },
  invalid_credentials: {
    provoke: ({ send }) => send({ body: { identifier: ADA.email, password: 'another one' } }),
  },
  account_not_activated: {
    async provoke({ setup, send }) {
      await setup.auth.register(BOB)
      return send({ body: { identifier: BOB.email, password: BOB.password } })
    },
  },
  unauthenticated: {
    provoke: ({ isOwn, body, send }) =>
      send({ authorization: null, body: isOwn ? body : undefined }),
  },
  invalid_token: {
    provoke: ({ isOwn, body, send }) =>
      send({ authorization: junk, body: isOwn ? body : undefined }),
  },
  token_stale: {
    async provoke({ setup, userId, send }) {
      await changeUser(setup, userId, (user) => ({ claimsVersion: user.claimsVersion + 1 }))
      return send()
    },
  },
  forbidden: {
    async provoke({ setup, send }) {
      await setup.auth.createUser(BOB)
      const { accessToken } = await setup.auth.login({ identifier: 'bob', password: PASSWORD })
      return send({ authorization: `Bearer ${accessToken}` })
    },
  },
  reauth_required: {
    async provoke({ setup, refreshToken, send }) {
      setup.clock.advance(16 * 60)
      const { accessToken } = await setup.auth.refresh({ refreshToken })
      return send({ authorization: `Bearer ${accessToken}` })
    },
  },
  not_found: { provoke: ({ send }) => send({ id: 'some-id' }) },
  rate_limited: tooOften,
  overloaded: {
    options: { passwords: slow },
    async provoke({ send }) {
      const answers = await Promise.all(Array.from({ length: 5 }, () => send()))
      return answers.find(({ status }) => status === 503)
    },
  },
  unavailable: {
    provoke({ breakStore, send }) {
      breakStore()
      return send()
    },
  },
  internal_error: { provoke: answerToUnreadable },
}

/** By operation: what else than the above. */
const special: Readonly<Record<string, Provocations>> = {
  ...changeProvocations,
  ...administrationProvocations,
  importUsers: importProvocations,
}

const document = documentOf(documented())
const { examples } = document.components

for (const operation of operationsOf(document)) {
  describe(`${operation.operationId} refuses`, () => {
    it('with a code, whatever the status', () => {
      const refusals = Object.keys(operation.responses).filter((status) => Number(status) >= 400)
      expect(refusals).toContain('500')
      const statuses = codesOf(operation).map(({ status }) => String(status))
      expect([...new Set(statuses)]).toEqual(refusals)
    })

    it('with an example of each code', () => {
      const contents = Object.values(operation.responses).map(({ content }) => content?.[PROBLEM])
      const told = contents.flatMap((content) => Object.entries(content?.examples ?? {}))
      const expected = codesOf(operation).map(({ code }) => `#/components/examples/${code}`)
      expect(told.map(([, example]) => example.$ref)).toEqual(expected)
    })

    it.each(codesOf(operation))('with $status $code', async ({ status, code }) => {
      const { operationId } = operation
      const provocation =
        limitProvocations[operationId]?.[code] ?? special[operationId]?.[code] ?? provocations[code]
      const scene = await sceneOf(operation, provocation?.options)
      const answer = await provocation?.provoke(scene)
      expect(answer?.body?.code, `answered with ${answer?.status}`).toBe(code)
      if (answer === undefined) return
      expectProblem(answer, status, code)
      const { type, title } = answer.body
      expect(examples[code]?.value).toMatchObject({ type, title, status, code })
    })
  })
}

function documented() {
  return createAuth({
    secret: SECRET,
    origin: ORIGIN,
    store: memoryStore(),
    mailer() {},
    sms() {},
    ...everyRoute,
    maintenance: false,
  })
}

/** Every code that is documented for the operation. */
function codesOf({ responses }: LocatedOperation): { status: number; code: AuthErrorCode }[] {
  return Object.entries(responses).flatMap(([status, { content }]) => {
    const schema = content?.[PROBLEM]?.schema as Refusal | undefined
    const codes = schema?.allOf.flatMap(({ properties }) => properties?.code.enum ?? []) ?? []
    return codes.map((code) => ({ status: Number(status), code }))
  })
}

interface Refusal {
  readonly allOf: readonly {
    readonly properties?: { readonly code: { readonly enum: readonly AuthErrorCode[] } }
  }[]
}

async function sceneOf(
  operation: LocatedOperation,
  options: Partial<AuthOptions> = {},
): Promise<Scene> {
  let isBroken = false
  const store = intercept(memoryStore(), () => {
    if (isBroken) throw new Error('the store does not answer')
  })
  const setup = await host.setUp({ ...everyRoute, store, ...options })
  const { id: userId } = await setup.auth.createUser({ ...ADA, roles: ['admin'] })
  const session = await setup.auth.login({ identifier: ADA.email, password: ADA.password })
  const { accessToken, refreshToken } = session
  const body = await bodyFor(operation, setup, refreshToken)
  // With more than one way to show who asks, one of them is to show nothing.
  const isOwn = operation.security.length === 1
  const usual: Sent = {
    body,
    type: 'application/json',
    authorization: isOwn ? `Bearer ${accessToken}` : null,
    id: session.sessionId,
    query: '',
  }
  const client = await host.serve(setup.auth)
  return {
    setup,
    operation,
    isOwn,
    userId,
    accessToken,
    refreshToken,
    body,
    breakStore() {
      isBroken = true
    },
    send: (changes) => ask(client, operation, { ...usual, ...changes }),
  }
}

/** A body that the operation takes, with tokens that are alive. */
async function bodyFor({ method, path }: LocatedOperation, setup: Setup, refreshToken: string) {
  const body = routeBodies.find(
    (route) => route.path.replace(':id', '{id}') === path && route.method === method,
  )?.body
  if (path === '/revoke') return { ...body, token: refreshToken }
  if (path === '/invitation/accept') return { ...body, token: await invitation(setup) }
  if (path === '/password/reset') {
    return { ...body, token: (await requestReset(setup, ADA.email)).token }
  }
  return body !== undefined && 'refreshToken' in body ? { refreshToken } : body
}

function ask(client: HttpClient, { method, path }: LocatedOperation, sent: Sent): Promise<Answer> {
  const { body, type, authorization, id, query } = sent
  const headers = {
    ...(authorization !== null && { authorization }),
    ...(body !== undefined && { 'content-type': type }),
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const target = host.base + path.replace('{id}', id) + query
  return client.send(method, target, { headers, ...(text !== undefined && { body: text }) })
}

function sendPassword({ body = {}, send }: Scene, password: string): Promise<Answer> {
  return send({ body: { ...body, ['newPassword' in body ? 'newPassword' : 'password']: password } })
}

/** What an adapter gets whose request cannot be read: the one failure that can befall every operation. */
async function answerToUnreadable({ setup, operation, userId }: Scene): Promise<Answer> {
  const reply = await setup.auth.handle({
    method: operation.method,
    path: operation.path.replace('{id}', userId),
    query: '',
    header() {
      throw new Error('the request cannot be read')
    },
    body: null,
    ip: null,
  })
  const { status = 0, headers = {}, body = '{}' } = reply ?? {}
  const text = String(body)
  return { status, headers: new Headers(headers), text, body: JSON.parse(text) }
}
