import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { inputErrors } from '../../packages/core/src/errors.ts'
import { problems } from '../../packages/core/src/http/problem.ts'
import { routes } from '../../packages/core/src/http/routes.ts'
import { hosts } from '../support/hosts.ts'
import { documentOf, type OpenapiDocument, operationsOf } from '../support/openapi-traffic.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { setUp } from '../support/setup.ts'

type Kinds = readonly ('email' | 'username' | 'phone')[]

const configurations: readonly { readonly kinds: Kinds }[] = [
  { kinds: ['email'] },
  { kinds: ['username'] },
  { kinds: ['email', 'username'] },
  { kinds: ['phone'] },
  { kinds: ['email', 'username', 'phone'] },
]

function documentFor(identifiers: Kinds = ['email']): OpenapiDocument {
  return documentOf(setUp({ identifiers }).auth)
}

/** What an independent validator of OpenAPI says. */
async function isValid(document: object): Promise<boolean> {
  return (await new Validator().validate({ ...document })).valid
}

describe('the OpenAPI document', () => {
  it.each(configurations)('is valid, for accounts with $kinds', async ({ kinds }) => {
    const document = documentFor(kinds)
    expect(await isValid(document)).toBe(true)
    const { '/me': me, ...paths } = document.paths
    const broken = {
      ...document,
      paths: { ...paths, '/me': { get: { ...me?.get, responses: 1 } } },
    }
    expect(await isValid(broken)).toBe(false)
  })

  it('names every route of the table, and no other', () => {
    const { auth } = setUp(everyRoute)
    const documented = operationsOf(documentOf(auth)).map(
      ({ method, path, operationId }) => `${method} ${path} ${operationId}`,
    )
    const expected = routes.map(
      ({ method, path, operation }) => `${method} ${path.replace(':id', '{id}')} ${operation}`,
    )
    expect(documented.sort()).toEqual(expected.sort())
    expect(new Set(routes.map(({ operation }) => operation)).size).toBe(routes.length)
  })

  it('names every code of a refusal and of a wrong member', () => {
    expect(documentFor().components.schemas.Problem).toMatchObject({
      properties: {
        code: { enum: Object.keys(problems) },
        errors: { items: { properties: { code: { enum: Object.keys(inputErrors) } } } },
      },
    })
  })

  it('has an example of every refusal', () => {
    const { examples, schemas } = documentFor().components
    const fits = new Ajv2020({ strict: false, formats: { uri: true } }).compile(
      schemas.Problem ?? {},
    )
    expect(Object.keys(examples)).toEqual(Object.keys(problems))
    const bad = Object.entries(examples).filter(
      ([code, { value }]) => value.code !== code || !fits(value),
    )
    expect(bad).toEqual([])
  })

  it.each(configurations)('asks whoever registers for $kinds', ({ kinds }) => {
    const input = documentFor(kinds).components.schemas.RegisterInput
    const members = [...kinds, 'password'].sort()
    const { properties, required } = input as { properties: object; required: string[] }
    expect(Object.keys(properties).sort()).toEqual(members)
    expect(required.sort()).toEqual(members)
  })

  it('lets whoever registers leave out what is optional, and give a profile where there is one', () => {
    const { auth } = setUp({
      identifiers: ['email', 'username', 'phone'],
      optionalIdentifiers: ['username', 'phone'],
      profile: z.object({ displayName: z.string() }),
    })
    const input = documentOf(auth).components.schemas.RegisterInput
    const { properties, required } = input as { properties: object; required: string[] }
    const members = ['email', 'password', 'phone', 'profile', 'username']
    expect(Object.keys(properties).sort()).toEqual(members)
    expect(required.sort()).toEqual(['email', 'password'])
  })

  it.each(configurations)('says what registering $kinds may be refused with', ({ kinds }) => {
    const responses = documentFor(kinds).paths['/register']?.post?.responses ?? {}
    expect('409' in responses).toBe(kinds.includes('username'))
    const conflict = JSON.stringify(responses['409'] ?? {})
    expect(conflict.includes('username_taken')).toBe(kinds.includes('username'))
  })

  it('has no route to activate an account where an administrator does that', () => {
    const paths = Object.keys(documentOf(setUp({ activation: 'admin' }).auth).paths)
    expect(paths.filter((path) => path.startsWith('/activate'))).toEqual([])
    expect(Object.keys(documentFor().paths)).toContain('/activate/resend')
  })

  for (const host of hosts) {
    it(`is served where the routes are, by ${host.name}`, async () => {
      const { auth } = await host.setUp()
      const client = await host.serve(auth)
      const answer = await client.get(`${host.base}/openapi.json`)
      expect(answer.body).toEqual(auth.openapi())
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      const [server] = documentOf(auth).servers
      const place = new URL(server?.url ?? '', `${client.url}${host.base}/openapi.json`)
      expect(place.href).toBe(`${client.url}${host.base}/`)
    })
  }
})

it('hands out a document that whoever asks may change', () => {
  const { auth } = setUp()
  const mine: { paths: object } = { ...auth.openapi() }
  Object.assign(mine.paths, { '/login': null })
  expect(auth.openapi().paths).toHaveProperty('/login.post')
})
