import { expect, it } from 'vitest'
import { outcome } from '../support/onboarding.ts'
import { accountOf, PASSWORD, serveSetup, setUp } from '../support/setup.ts'

// Slow enough that all requests of a test are there before the first hash is done.
const slow = { dangerouslyWeakCost: { memory: 65_536, passes: 2 }, concurrency: 1 }

it('S010 refuses a login that would have to wait too long with overloaded, and takes it later', async () => {
  const { auth } = setUp({ passwords: { ...slow, maxQueue: 2 } })
  const login = () => outcome(auth.login({ identifier: 'ada@example.com', password: PASSWORD }))
  const outcomes = await Promise.all(Array.from({ length: 8 }, login))
  expect(outcomes.filter((code) => code === 'overloaded').length).toBeGreaterThanOrEqual(5)
  expect(outcomes.filter((code) => code === 'invalid_credentials').length).toBeGreaterThan(0)
  expect(await login()).toBe('invalid_credentials')
})

it('S010 answers 503 with Retry-After over HTTP, and everything else goes on', async () => {
  const setup = setUp({ passwords: { ...slow, maxQueue: 1 } })
  const { session } = await accountOf(setup)
  const client = await serveSetup(setup)
  const body = { identifier: 'ada@example.com', password: 'a wrong password' }
  const logins = Array.from({ length: 20 }, () => client.post('/auth/login', body))
  const others = Array.from({ length: 10 }, () => client.get('/protected', session.accessToken))

  expect((await Promise.all(others)).map(({ status }) => status)).toEqual(Array(10).fill(200))
  const answers = await Promise.all(logins)
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(0)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]))
  for (const { headers, body: problem } of refused) {
    expect(headers.get('retry-after')).toBe('1')
    expect(problem.code).toBe('overloaded')
  }
  expect((await client.post('/auth/login', { ...body, password: PASSWORD })).status).toBe(200)
  expect(setup.errors).toEqual([])
})

it('S010 leaves nothing behind of a registration that it refuses', async () => {
  const setup = setUp({ passwords: { ...slow, maxQueue: 0 } })
  const busy = setup.auth.login({ identifier: 'ada@example.com', password: PASSWORD })
  const call = setup.auth.register({ email: 'bob@example.com', password: PASSWORD })
  expect(await outcome(call)).toBe('overloaded')
  expect(await outcome(busy)).not.toBe('ok')
  const address = { kind: 'email', value: 'bob@example.com' } as const
  expect(await setup.store.users.findByIdentifier(address)).toBeNull()
})
