import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  cheapVectors,
  firebaseVector,
  LONGEST_BCRYPT,
  SAMPLE_PROJECT,
  type Vector,
} from '../../packages/core/test/support/password-hashes.ts'
import { change, loginOutcome, recordOf } from '../support/onboarding.ts'
import { startProgram } from '../support/program.ts'
import { accountOf, type Setup, serveSetup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const ARGON2ID = /^\$argon2id\$v=19\$m=8,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/
const [bcrypt] = cheapVectors as readonly [Vector, ...Vector[]]
const passwords = {
  dangerouslyWeakCost: { memory: 8, passes: 1 },
  firebaseScrypt: SAMPLE_PROJECT,
}

/** An account that another system hashed the password of, on a database that kept the text. */
async function importedAccount(passwordHash: string, setup: Setup = setUp({ passwords })) {
  const { user } = await accountOf(setup, EMAIL)
  await change(setup, EMAIL, { passwordHash })
  return { ...setup, user, before: await recordOf(setup, EMAIL) }
}

async function onSqlite(): Promise<Setup> {
  const store = sqlStore({ url: 'sqlite::memory:' })
  onTestFinished(() => store.close())
  await store.migrate()
  return setUp({ store, passwords })
}

describe('an account with a hash of another system', () => {
  it.each([...cheapVectors, firebaseVector])(
    'S008 is logged in to, and from then on has argon2id: $hash by $maker',
    async ({ password, hash }) => {
      const setup = await importedAccount(hash)
      expect(await loginOutcome(setup, EMAIL, password)).toBe('ok')
      await setup.auth.close()
      const after = await recordOf(setup, EMAIL)
      expect(after.passwordHash).toMatch(ARGON2ID)
      // Nobody changed the password: sessions go on.
      expect(after.credentialEpoch).toBe(setup.before.credentialEpoch)
      expect(await loginOutcome(setup, EMAIL, password)).toBe('ok')
      expect(await loginOutcome(setup, EMAIL, `${password}.`)).toBe('invalid_credentials')
      expect(setup.errors).toEqual([])
    },
  )

  it('S008 keeps that hash when a login fails', async () => {
    const setup = await importedAccount(bcrypt.hash)
    expect(await loginOutcome(setup, EMAIL, 'a wrong password')).toBe('invalid_credentials')
    await setup.auth.close()
    expect((await recordOf(setup, EMAIL)).passwordHash).toBe(bcrypt.hash)
    expect(setup.events.map(({ type }) => type)).not.toContain('password.hash_unusable')
  })

  it('S008 is logged in to on an SQL database too', async () => {
    for (const { password, hash } of [bcrypt, firebaseVector]) {
      const setup = await importedAccount(hash, await onSqlite())
      expect(await loginOutcome(setup, EMAIL, password)).toBe('ok')
      await setup.auth.close()
      expect((await recordOf(setup, EMAIL)).passwordHash).toMatch(ARGON2ID)
    }
  })

  it('S008 is not logged in to with more than bcrypt looks at', async () => {
    const setup = await importedAccount(LONGEST_BCRYPT)
    const longest = 'é'.repeat(36)
    expect(await loginOutcome(setup, EMAIL, `${longest}x`)).toBe('invalid_credentials')
    expect(await loginOutcome(setup, EMAIL, longest)).toBe('ok')
    await setup.auth.close()
    // What it has now looks at everything.
    expect(await loginOutcome(setup, EMAIL, `${longest}x`)).toBe('invalid_credentials')
    expect(await loginOutcome(setup, EMAIL, longest)).toBe('ok')
  })

  it('S080 changes its password with the one of the other system', async () => {
    const setup = await importedAccount(bcrypt.hash)
    const client = await serveSetup(setup)
    const login = await client.post('/auth/login', {
      identifier: EMAIL,
      password: bcrypt.password,
    })
    // The login has not hashed it anew: a change meets the hash of the other system.
    await setup.auth.close()
    await change(setup, EMAIL, { passwordHash: bcrypt.hash })
    const changeTo = (currentPassword: string) =>
      client.post(
        '/auth/password/change',
        { currentPassword, newPassword: 'another fine password' },
        login.body.accessToken,
      )
    expect((await changeTo('a wrong password')).status).toBe(403)
    expect((await changeTo(bcrypt.password)).status).toBe(200)
    expect((await recordOf(setup, EMAIL)).passwordHash).toMatch(ARGON2ID)
    expect(await loginOutcome(setup, EMAIL, 'another fine password')).toBe('ok')
  })
})

describe('a hash of another system that cannot be used', () => {
  it.each([
    ['of bcrypt over the budget', '$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
    ['of bcrypt cut short', bcrypt.hash.slice(0, -1)],
    ['of PBKDF2 over the budget', `pbkdf2:sha256:9999999$salt$${'ab'.repeat(32)}`],
    ['of scrypt over the budget', `scrypt:67108864:8:1$salt$${'ab'.repeat(64)}`],
    ['of scrypt that is none', `scrypt:1000:8:1$salt$${'ab'.repeat(64)}`],
    ['of nobody', '!pBgOxDgD8Xk5fCmlfBnqTeRqrpKtZtZcVEbsWsdk'],
  ])('S009 is an ordinary refusal and an event: %s', async (_what, passwordHash) => {
    const setup = await importedAccount(passwordHash)
    const client = await serveSetup(setup)
    const login = (identifier: string) =>
      client.post('/auth/login', { identifier, password: bcrypt.password })
    const answer = await login(EMAIL)
    expect([answer.status, answer.text]).toEqual([401, (await login('x@example.com')).text])
    await setup.auth.close()
    expect(setup.events).toContainEqual(
      expect.objectContaining({ type: 'password.hash_unusable', userId: setup.user.id }),
    )
    expect(setup.errors).toEqual([])
    expect((await recordOf(setup, EMAIL)).passwordHash).toBe(passwordHash)
  })

  it('S009 is one of Firebase before its project is known, and the operator is told', async () => {
    const setup = await importedAccount(
      firebaseVector.hash,
      setUp({ passwords: { dangerouslyWeakCost: passwords.dangerouslyWeakCost } }),
    )
    const login = loginOutcome(setup, EMAIL, firebaseVector.password)
    expect(await login).toBe('invalid_credentials')
    await setup.auth.close()
    expect(setup.events.map(({ type }) => type)).toContain('password.hash_unusable')
    expect(setup.errors.map(String)).toEqual([
      expect.stringContaining('the option passwords.firebaseScrypt'),
    ])
    expect((await recordOf(setup, EMAIL)).passwordHash).toBe(firebaseVector.hash)
  })

  it('S009 is one of bcrypt where the package is not installed, and the operator is told', async () => {
    const program = startProgram(new URL('./without-bcrypt.ts', import.meta.url), {
      PASSWORD: bcrypt.password,
      HASH: bcrypt.hash,
    })
    const { code, output } = await program.ended
    expect(output).toContain('login: invalid_credentials')
    expect(output).toContain('event: password.hash_unusable')
    expect(output).toContain(
      'latchkey: verifying a stored hash that needs the package @node-rs/bcrypt failed: MissingRequirement because of',
    )
    expect(output).toContain('login with argon2id: ok')
    expect(output).not.toContain(bcrypt.hash)
    expect(code).toBe(0)
  })
})

it('S110 does not repeat the signer key of Firebase in the error about it', async () => {
  const signerKey = SAMPLE_PROJECT.signerKey.slice(0, -4)
  const firebaseScrypt = { ...SAMPLE_PROJECT, signerKey }
  const construct = async () => setUp({ passwords: { firebaseScrypt } })
  const error: unknown = await construct().catch((thrown: unknown) => thrown)
  expect(String(error)).toContain('option "passwords.firebaseScrypt.signerKey" must be')
  expect(String(error)).not.toContain(signerKey.slice(0, 16))
})
