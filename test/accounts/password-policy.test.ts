import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { invite } from '../support/invitations.ts'
import { outcome, register } from '../support/onboarding.ts'
import {
  accountOf,
  ORIGIN,
  PASSWORD,
  type Setup,
  serveSetup,
  setUp,
  tokenIn,
} from '../support/setup.ts'

const EMAIL = 'ada@example.com'

/** Every door at which somebody sets a password. */
const doors: readonly { name: string; set(setup: Setup, password: string): Promise<unknown> }[] = [
  {
    name: 'registering',
    set: ({ auth }, password) => auth.register({ email: EMAIL, password }),
  },
  {
    name: 'changing',
    async set(setup, newPassword) {
      const { session } = await accountOf(setup, EMAIL)
      const principal = await setup.auth.authenticate(session.accessToken)
      return setup.auth.changePassword(principal, { currentPassword: PASSWORD, newPassword })
    },
  },
  {
    name: 'resetting',
    async set(setup, newPassword) {
      await accountOf(setup, EMAIL)
      await setup.auth.forgotPassword({ identifier: EMAIL })
      const { link } = await setup.outbox.next('reset_password', EMAIL)
      return setup.auth.resetPassword({ token: tokenIn(link), newPassword })
    },
  },
  {
    name: 'accepting an invitation',
    async set(setup, password) {
      const { token } = await invite(setup, { email: EMAIL })
      return setup.auth.acceptInvitation({ token, password })
    },
  },
  {
    name: 'making a user',
    set: ({ auth }, password) => auth.createUser({ email: EMAIL, password }),
  },
]

describe.each(doors)('$name', ({ set }) => {
  it.each([
    ['1234567', 'password_too_short'],
    ['😀'.repeat(7), 'password_too_short'],
    ['e\u0301'.repeat(7), 'password_too_short'],
    ['zq8#kfv!', 'ok'],
    ['e\u0301'.repeat(8), 'ok'],
    ['😀'.repeat(8), 'ok'],
    ['only lower case letters', 'ok'],
    ['x'.repeat(64), 'ok'],
    ['xy'.repeat(128), 'ok'],
    ['xy'.repeat(128).concat('z'), 'invalid_input'],
    ['', 'invalid_input'],
    ['correct-horse-bat\0TAIL', 'invalid_input'],
    ['\ud800'.padEnd(12, 'x'), 'invalid_input'],
  ])('S001 S002 S003 S004 answers %j with %s', async (password, expected) => {
    expect(await outcome(set(setUp(), password))).toBe(expected)
  })

  it.each([
    'password1',
    'PassWord1',
    'iloveyou',
    EMAIL,
    'ADA@Example.com',
    'Example.COM',
    'Longlocalpart',
    'APP.example',
    'https://app.example',
    'Example Ltd',
    'Latchkey Rocks',
    'Cafe\u0301 au lait',
  ])('S006 refuses %j, and says why', async (password) => {
    const setup = setUp({
      appName: 'Example Ltd',
      passwords: { ...fast, blocked: ['latchkey rocks', 'cafe\u0301\u00a0au lait'] },
    })
    const call =
      password === 'Longlocalpart' ? longLocalPart(setup, password) : set(setup, password)
    await expect(call).rejects.toMatchObject({
      code: 'password_blocked',
      errors: [
        { code: 'password_blocked', detail: expect.stringMatching(/^Choose a password that /) },
      ],
    })
  })

  it('S001 asks for as many characters as the option says', async () => {
    const strict = () => setUp({ passwords: { ...fast, minLength: 15 } })
    expect(await outcome(set(strict(), '14 characters.'))).toBe('password_too_short')
    expect(await outcome(set(strict(), '15 characters..'))).toBe('ok')
  })

  it.each([[['a long password']], [{ $ne: 1 }], [0], [true], [null]])(
    'S025 takes no %j for a password',
    async (value) => {
      // What JSON brings is not what the types promise.
      expect(await outcome(set(setUp(), value as unknown as string))).toBe('invalid_input')
    },
  )
})

const fast = { dangerouslyWeakCost: { memory: 8, passes: 1 } }

function longLocalPart({ auth }: Setup, password: string): Promise<unknown> {
  return auth.register({ email: 'longlocalpart@example.org', password })
}

it('S006 refuses the own username', async () => {
  const { auth } = setUp({ identifiers: ['username'], passwords: fast })
  const call = auth.register({ username: 'Ada.Lovelace', password: 'ada.LOVELACE' })
  expect(await outcome(call)).toBe('password_blocked')
})

it('S006 refuses the own address in the spelling of its owner', async () => {
  const { auth } = setUp()
  const email = 'ada@bücher.example'
  expect(await outcome(auth.register({ email, password: email }))).toBe('password_blocked')
})

it.each(['+49 1512 3456789', '4915123456789', '01512 3456789', '(01512) 345-6789'])(
  'S006 refuses the own phone number as %j, whatever the spelling at registration',
  async (password) => {
    const { auth } = setUp({ identifiers: ['phone'], phones: { defaultCountry: 'DE' } })
    const call = auth.register({ phone: '01512-3456789', password })
    expect(await outcome(call)).toBe('password_blocked')
    const others = auth.register({ phone: '01512-3456780', password })
    expect(await outcome(others)).toBe('ok')
  },
)

it('S006 refuses a text of the own profile, given now or before', async () => {
  const profile = z.object({ displayName: z.string(), tags: z.array(z.string()) })
  const setup = setUp({ profile })
  const ada = { email: EMAIL, profile: { displayName: 'Ada  Lovelace', tags: ['mathematics'] } }
  const call = setup.auth.register({ ...ada, password: 'ada\u00a0 lovelace' })
  expect(await outcome(call)).toBe('password_blocked')
  await setup.auth.createUser({ ...ada, password: PASSWORD })
  const { accessToken } = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
  const change = { currentPassword: PASSWORD, newPassword: 'ADA  LOVELACE' }
  const principal = await setup.auth.authenticate(accessToken)
  expect(await outcome(setup.auth.changePassword(principal, change))).toBe('password_blocked')
})

it('S006 compares the whole password, not a part of it', async () => {
  const { auth } = setUp()
  expect(await outcome(auth.register({ email: EMAIL, password: 'password1 password1' }))).toBe('ok')
})

it('S003 knows a password after 400 days as on the first', async () => {
  const setup = setUp()
  await accountOf(setup)
  setup.clock.advance(400 * 86_400)
  expect(await outcome(setup.auth.login({ identifier: EMAIL, password: PASSWORD }))).toBe('ok')
})

it.each([
  ['caf\u00e9 au lait', 'cafe\u0301 au lait', 'ok'],
  ['two\u00a0words', 'two words', 'ok'],
  [' spaces around ', 'spaces around', 'invalid_credentials'],
  ['Capital letters', 'capital letters', 'invalid_credentials'],
  ['a\ufb00able dog', 'affable dog', 'invalid_credentials'],
  ['\uff41\uff42\uff43 full width', 'abc full width', 'invalid_credentials'],
  [`${'x'.repeat(199)}y`, `${'x'.repeat(199)}z`, 'invalid_credentials'],
  [`${'x'.repeat(72)}y`, `${'x'.repeat(72)}z`, 'invalid_credentials'],
])('S002 S004 who registers with %j and logs in with %j: %s', async (chosen, typed, expected) => {
  const setup = setUp()
  const { token } = await register(setup, EMAIL, chosen)
  await setup.auth.activate({ token })
  expect(await outcome(setup.auth.login({ identifier: EMAIL, password: typed }))).toBe(expected)
  expect(await outcome(setup.auth.login({ identifier: EMAIL, password: chosen }))).toBe('ok')
})

it('S002 S006 answers over HTTP with a problem that says why and repeats nothing', async () => {
  const client = await serveSetup(setUp({ appName: 'Example', origin: ORIGIN }))
  const send = (password: string) => client.post('/auth/register', { email: EMAIL, password })
  for (const password of ['iloveyou', 'short!?', `${'long password '.repeat(30)}!`]) {
    const answer = await send(password)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].pointer).toBe('/password')
    expect(answer.text).not.toContain(password)
  }
  expect((await send('x'.repeat(1_000_000))).status).toBe(413)
})
