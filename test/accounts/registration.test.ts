import type { RegisterInput } from '@latchkey/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcome, recordOf, register, WITH_USERNAMES } from '../support/onboarding.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, serveSetup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'

describe('what a registration may say', () => {
  const privileged = [
    'role',
    'roles',
    'isAdmin',
    'is_admin',
    'permissions',
    'active',
    'status',
    'emailVerified',
    'emailVerifiedAt',
    'id',
    'passwordHash',
    'password_hash',
    'credentialEpoch',
    'claimsVersion',
    'createdAt',
    'version',
    'mfa',
    'user',
    'roles[]',
    'user.roles',
    'user[roles]',
    '__proto__',
    'constructor',
    'prototype',
  ]

  it.each(privileged)('S011 S098 has no "%s"', async (member) => {
    const setup = setUp()
    const client = await serveSetup(setup)
    for (const value of ['"admin"', '["admin"]', 'true', '{"roles":["admin"],"polluted":true}']) {
      const body = `{"email":"${EMAIL}","password":"${PASSWORD}",${JSON.stringify(member)}:${value}}`
      const answer = await client.post('/auth/register', body)
      expect(answer.status).toBe(422)
      expect(answer.body.errors).toMatchObject([{ code: 'unknown_member' }])
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(await setup.store.users.findByIdentifier({ kind: 'email', value: EMAIL })).toBeNull()
  })

  it('S011 gives everybody the default roles, and a record of its own making', async () => {
    const setup = setUp({ roles: ['reader', 'admin'] })
    const { user } = await accountOf(setup)
    expect(user).toMatchObject({ roles: ['reader'], emailVerified: true })
    expect(await recordOf(setup, EMAIL)).toMatchObject({
      leavingAdmin: false,
      profile: {},
      failedLogins: 0,
    })
  })

  it('S011 S049 takes the last of two members of one name, and what it says for all there is', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const body = `{"email":"x@example.com","email":"${EMAIL}","password":"${PASSWORD}"}`
    expect((await client.post('/auth/register', body)).status).toBe(202)
    expect((await recordOf(setup, EMAIL)).email).toBe(EMAIL)
    await settled(setup.auth)
    expect(setup.outbox.messages.map(({ to }) => to)).toEqual([EMAIL])
  })

  it('S015 S025 is a text in every place, whatever else JSON can hold', async () => {
    const { auth, store } = setUp(WITH_USERNAMES)
    const good = { email: EMAIL, username: 'ada', password: PASSWORD }
    const noText = fc.jsonValue().filter((value) => typeof value !== 'string')
    const member = fc.constantFrom('email', 'username', 'password')
    await fc.assert(
      fc.asyncProperty(member, noText, async (name, value) => {
        // What JSON brings is not what the types promise.
        const input = { ...good, [name]: value } as unknown as RegisterInput
        await expect((async () => auth.register(input))()).rejects.toMatchObject({
          code: 'invalid_input',
          errors: expect.arrayContaining([expect.objectContaining({ pointer: `/${name}` })]),
        })
      }),
    )
    expect(await store.users.findByIdentifier({ kind: 'email', value: EMAIL })).toBeNull()
  })

  it.each([[null], [[]], ['text'], [42], [undefined]])(
    'S097 is an object, not %j',
    async (input) => {
      const { auth } = setUp()
      const call = async () => auth.register(input as unknown as RegisterInput)
      await expect(call()).rejects.toMatchObject({ code: 'invalid_input' })
    },
  )

  it.each([
    [{ password: PASSWORD }, '/email', 'required'],
    [{ email: EMAIL }, '/password', 'required'],
    [{ email: EMAIL, username: 'ada', password: PASSWORD }, '/username', 'not_accepted'],
    [{ email: `${'a'.repeat(320)}@example.com`, password: PASSWORD }, '/email', 'too_long'],
    [{ email: '"a@evil.example x"@example.com', password: PASSWORD }, '/email', 'invalid'],
    [{ email: 'v@example.org%0abcc:a@example.com', password: PASSWORD }, '/email', 'invalid'],
  ])('S015 %j is wrong at %s: %s', async (input, pointer, code) => {
    const setup = setUp()
    const answer = await (await serveSetup(setup)).post('/auth/register', input)
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer, code }])
    await setup.auth.close()
    expect(setup.outbox.messages).toEqual([])
  })
})

describe('an address', () => {
  it('S013 is kept as it was written and found in its canonical form', async () => {
    const setup = setUp()
    await setup.auth.register({ email: 'Ada@BÜCHER.example', password: PASSWORD })
    const canonical = 'ada@xn--bcher-kva.example'
    expect(await recordOf(setup, canonical)).toMatchObject({ emailAsTyped: 'Ada@BÜCHER.example' })
  })

  it('S014 is written to as its first owner gave it, never as a later request spells it', async () => {
    const setup = setUp()
    await register(setup, 'Ada@example.com')
    await setup.auth.register({ email: 'ADA@EXAMPLE.COM', password: PASSWORD })
    await setup.auth.resendActivation({ identifier: 'aDA@exaMPLE.com' })
    await setup.auth.forgotPassword({ identifier: 'adA@Example.com' })
    await setup.auth.close()
    expect(new Set(setup.outbox.messages.map(({ to }) => to))).toEqual(new Set(['Ada@example.com']))
    expect(setup.outbox.messages).toHaveLength(4)
  })

  it('S113 that fifty register at once, in all spellings, is one account', async () => {
    const setup = setUp()
    const spellings = ['ada@example.com', 'ADA@example.com', 'Ada@EXAMPLE.com', 'adA@Example.Com']
    const calls = Array.from({ length: 50 }, (_, at) =>
      outcome(setup.auth.register({ email: spellings[at % 4] ?? '', password: PASSWORD })),
    )
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['ok']))
    await setup.auth.close()
    expect(setup.outbox.messages).toHaveLength(50)
    expect(new Set(setup.outbox.messages.map(({ user }) => user.id)).size).toBe(1)
  })
})

describe('a mailer', () => {
  it('S103 that fails changes no answer, and is reported', async () => {
    const setup = setUp({ mailer: () => Promise.reject(new Error('no route to host')) })
    expect(await outcome(setup.auth.register({ email: EMAIL, password: PASSWORD }))).toBe('ok')
    await setup.auth.close()
    expect(setup.errors).toEqual([new Error('no route to host')])
  })

  it('S012 that never ends is not waited for', async () => {
    const sending = Promise.withResolvers<void>()
    const setup = setUp({ mailer: () => sending.promise })
    expect(await outcome(setup.auth.register({ email: EMAIL, password: PASSWORD }))).toBe('ok')
    sending.resolve()
  })
})

it('S018 opens an account at once where no activation is asked for', async () => {
  const setup = setUp({ activation: 'none' })
  await setup.auth.register({ email: EMAIL, password: PASSWORD })
  const login = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
  expect(login.user).toMatchObject({ email: EMAIL, emailVerified: false })
  await setup.auth.close()
  expect(setup.outbox.messages).toEqual([])
})

it('S103 leaves nothing to log in with when the store fails half way, and registering again goes on', async () => {
  const broken = setUp()
  let failing = true
  const { oneTimeTokens } = broken.store
  const store = {
    ...broken.store,
    oneTimeTokens: {
      find: oneTimeTokens.find.bind(oneTimeTokens),
      list: oneTimeTokens.list.bind(oneTimeTokens),
      take: oneTimeTokens.take.bind(oneTimeTokens),
      tryCode: oneTimeTokens.tryCode.bind(oneTimeTokens),
      put: async (token: Parameters<typeof oneTimeTokens.put>[0]) => {
        if (failing) throw new Error('the disk is full')
        return oneTimeTokens.put(token)
      },
    },
  }
  const setup = setUp({ store })
  expect(await outcome(setup.auth.register({ email: EMAIL, password: PASSWORD }))).toBe(
    'unavailable',
  )
  expect(await outcome(setup.auth.login({ identifier: EMAIL, password: PASSWORD }))).toBe(
    'invalid_credentials',
  )
  failing = false
  const { token } = await register(setup, EMAIL)
  expect((await setup.auth.activate({ token })).email).toBe(EMAIL)
})
