import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { type Host, hosts, hostsOnMemory } from '../support/hosts.ts'
import { expectProblem, expectWellFormed, pointersOf } from '../support/problems.ts'
import { everyRoute, routeBodies, stringMembers, withMember } from '../support/route-bodies.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const NUL = 'a\u0000b and more'
const LONE_SURROGATE = 'a\ud800b and more'
const notStrings = [0, -1, 1.5, 1e308, true, false, null, [], ['a'], [['a']], {}, { $ne: 1 }]
const oddStrings = ['', ' ', NUL, LONE_SURROGATE, '\udc00', '\u202e', '%00', 'null', '__proto__']
const longStrings = ['a'.repeat(5000), '@'.repeat(5000), `${'a@a.'.repeat(1250)}a`]

/** What a store keeps as it was sent. */
const kept = ['/register email', '/register username', '/register password', '/login device.name']

const cases = routeBodies.flatMap((route) =>
  stringMembers(route.body).map((path) => ({ ...route, path })),
)

async function setUpBoth({ setUp: make }: Pick<Host, 'setUp'> = { setUp: async (o) => setUp(o) }) {
  const setup = await make(everyRoute)
  await setup.auth.createUser({
    email: 'ada@example.com',
    username: 'ada',
    password: PASSWORD,
    roles: ['admin'],
  })
  const { accessToken } = await setup.auth.login({ identifier: 'ada', password: PASSWORD })
  return { ...setup, accessToken }
}

it('has a valid body for every route that takes one', () => {
  const takesJson = routes.filter(({ takes }) => takes?.door.types.includes('application/json'))
  const names = (rows: readonly { method: string; path: string }[]) =>
    [...new Set(rows.map(({ method, path }) => `${method} ${path}`))].sort()
  expect(names(routeBodies)).toEqual(names(takesJson))
})

// Most of it is refused before it comes to the store, and everywhere under the mount point alike.
for (const host of hostsOnMemory.filter(({ base }) => base === '')) {
  describe(`served by ${host.name}`, () => {
    it('S025 S102 refuses everything but a string where a string belongs, and points to it', {
      timeout: 30_000,
    }, async () => {
      const { auth, accessToken } = await setUpBoth(host)
      const client = await host.serve(auth)
      for (const { method, at, own, body, path } of cases) {
        for (const value of notStrings) {
          const sent = withMember(body, path, value)
          const answer = await client.json(method, host.base + at, sent, own && accessToken)
          expectProblem(answer, 422, 'invalid_input')
          expect(pointersOf(answer)).toContain(`/${path.join('/')}`)
        }
      }
    })

    it('S097 never answers 500, whatever a string holds', { timeout: 30_000 }, async () => {
      const { auth, errors, accessToken } = await setUpBoth(host)
      const client = await host.serve(auth)
      for (const { method, at, own, body, path } of cases) {
        for (const value of [...oddStrings, ...longStrings]) {
          const sent = withMember(body, path, value)
          const answer = await client.json(method, host.base + at, sent, own && accessToken)
          expect(answer.status, `${at} ${JSON.stringify(sent).slice(0, 200)}`).toBeLessThan(500)
          expectWellFormed(answer)
        }
      }
      expect(errors).toEqual([])
    })
  })
}

describe('what a store keeps', () => {
  for (const member of kept) {
    it(`S097 refuses NUL and lone surrogates in ${member}`, async () => {
      const { auth } = await setUpBoth()
      const client = await hosts[0]?.serve(auth)
      const found = cases.find(({ at, path }) => `${at} ${path.join('.')}` === member)
      for (const value of [NUL, LONE_SURROGATE]) {
        const sent = found && withMember(found.body, found.path, value)
        const answer = await client?.post(`${found?.at}`, sent)
        expect([answer?.status, answer && pointersOf(answer)]).toEqual([
          422,
          [`/${found?.path.join('/')}`],
        ])
      }
    })
  }
})

it('S097 S102 answers any JSON on any route with a well-formed refusal or success', {
  timeout: 30_000,
}, async () => {
  const { auth, errors, accessToken } = await setUpBoth()
  const client = await hosts[0]?.serve(auth)
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom(PASSWORD))
  const change = fc.tuple(fc.constantFrom(...cases), value, fc.dictionary(fc.string(), value))
  const property = fc.asyncProperty(
    change,
    async ([{ method, at, own, body, path }, member, more]) => {
      const sent = { ...withMember(body, path, member), ...more }
      const answer = await client?.json(method, at, sent, own && accessToken)
      expect(answer?.status).toBeLessThan(500)
      if (answer !== undefined) expectWellFormed(answer)
    },
  )
  await fc.assert(property, { numRuns: 300 })
  expect(errors).toEqual([])
})

it('takes the valid bodies themselves: none of them is invalid input', async () => {
  const setup = await setUpBoth()
  const client = await hosts[0]?.serve(setup.auth)
  for (const { method, path, at, own, body } of routeBodies) {
    const answer = await client?.json(method, at, body, own && setup.accessToken)
    expect(answer?.status, path).not.toBe(422)
  }
})

it('tells the members that are unknown or missing by their pointers', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const client = await hosts[0]?.serve(setup.auth)
  const unknown = { identifier: email, password: PASSWORD, 'a/b~c': 1, role: 'admin' }
  const answers = [await client?.post('/login', unknown), await client?.post('/login', {})]
  expect(answers.map((answer) => answer?.body.errors)).toEqual([
    [
      { pointer: '/a~1b~0c', code: 'unknown_member', detail: 'There is no such member.' },
      { pointer: '/role', code: 'unknown_member', detail: 'There is no such member.' },
    ],
    [
      { pointer: '/identifier', code: 'required', detail: expect.any(String) },
      { pointer: '/password', code: 'required', detail: expect.any(String) },
    ],
  ])
})
