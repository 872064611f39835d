import { createAuth } from '@latchkey/core'
import { createOutbox } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { change, loginOutcome, recordOf } from '../support/onboarding.ts'
import { accountOf, ORIGIN, PASSWORD, SECRET, serveSetup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const wrong = 'a wrong password'

/** An account whose hash was made under another cost than the one of the setup. */
async function accountOfOldCost(cost: { memory: number; passes: number }) {
  const old = setUp()
  await accountOf(old)
  const setup = setUp({
    store: old.store,
    passwords: { dangerouslyWeakCost: cost },
  })
  return { ...setup, before: await recordOf(setup, EMAIL) }
}

describe('a stored password', () => {
  it('S007 is an argon2id hash of the recommended cost by default', async () => {
    const store = memoryStore()
    const options = { secret: SECRET, origin: ORIGIN, mailer: createOutbox().send }
    const auth = createAuth({ ...options, store, maintenance: false })
    await auth.createUser({ email: EMAIL, password: PASSWORD })
    await auth.createUser({ email: 'bob@example.com', password: PASSWORD })
    const hashes = await Promise.all(
      [EMAIL, 'bob@example.com'].map(
        async (email) => (await recordOf({ store }, email)).passwordHash,
      ),
    )
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    }
    expect(hashes[0]).not.toBe(hashes[1])
    await auth.close()
  })

  it('S008 is hashed anew when its owner logs in after the cost rose', async () => {
    const setup = await accountOfOldCost({ memory: 16, passes: 2 })
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    await setup.auth.close()
    const after = await recordOf(setup, EMAIL)
    expect(after.passwordHash).toMatch(/m=16,t=2,p=1/)
    expect(after.credentialEpoch).toBe(setup.before.credentialEpoch)
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, wrong)).toBe('invalid_credentials')
  })

  it('S008 stays as it is when a login fails, and when its cost is enough', async () => {
    const rising = await accountOfOldCost({ memory: 16, passes: 2 })
    expect(await loginOutcome(rising, EMAIL, wrong)).toBe('invalid_credentials')
    await rising.auth.close()
    expect((await recordOf(rising, EMAIL)).passwordHash).toBe(rising.before.passwordHash)

    const falling = await accountOfOldCost({ memory: 8, passes: 1 })
    expect(await loginOutcome(falling, EMAIL)).toBe('ok')
    await falling.auth.close()
    expect((await recordOf(falling, EMAIL)).passwordHash).toBe(falling.before.passwordHash)
  })

  it('S008 that was changed while it was hashed anew is not put back', async () => {
    const setup = await accountOfOldCost({ memory: 16_384, passes: 2 })
    const login = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    await change(setup, EMAIL, { passwordHash: null })
    await setup.auth.close()
    expect(login.status).toBe('admitted')
    expect((await recordOf(setup, EMAIL)).passwordHash).toBeNull()
  })
})

describe('a hash that cannot be used', () => {
  it.each([
    'garbage',
    '',
    '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  ])('S009 is an ordinary refusal and an event: %j', async (passwordHash) => {
    const setup = setUp()
    const { user } = await accountOf(setup)
    await change(setup, EMAIL, { passwordHash })
    const client = await serveSetup(setup)
    const answer = await client.post('/auth/login', { identifier: EMAIL, password: PASSWORD })
    const unknown = await client.post('/auth/login', {
      identifier: 'x@example.com',
      password: PASSWORD,
    })
    expect([answer.status, answer.text]).toEqual([401, unknown.text])
    await setup.auth.close()
    expect(setup.events).toContainEqual(
      expect.objectContaining({ type: 'password.hash_unusable', userId: user.id }),
    )
    expect(setup.errors).toEqual([])
  })
})
