import type { Auth } from '@latchkey/core'
import { expect, it } from 'vitest'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

// What JavaScript gives is not what the types promise.
const nonsense = { nonsense: true } as never

const flows: readonly [name: string, call: (auth: Auth) => Promise<unknown>][] = [
  ['register', (auth) => auth.register(nonsense)],
  ['activate', (auth) => auth.activate(nonsense)],
  ['resendActivation', (auth) => auth.resendActivation(nonsense)],
  ['login', (auth) => auth.login(nonsense)],
  ['refresh', (auth) => auth.refresh(nonsense)],
  ['revoke', (auth) => auth.revoke(nonsense)],
  ['forgotPassword', (auth) => auth.forgotPassword(nonsense)],
  ['resetPassword', (auth) => auth.resetPassword(nonsense)],
  ['createUser', (auth) => auth.createUser(nonsense)],
]

it.each(flows)(
  '%s refuses a wrong input by its promise, and never throws at once',
  async (_name, call) => {
    const { auth } = setUp()
    await expect(call(auth)).rejects.toMatchObject({ code: 'invalid_input' })
  },
)

it('changePassword does so too', async () => {
  const setup = setUp()
  const { session } = await accountOf(setup)
  const principal = await setup.auth.authenticate(session.accessToken)
  await expect(setup.auth.changePassword(principal, nonsense)).rejects.toMatchObject({
    code: 'invalid_input',
  })
  const login = await setup.auth.login({ identifier: 'ada@example.com', password: PASSWORD })
  expect(login.status).toBe('admitted')
})

const ofTheOwnAccount: readonly [name: string, call: (auth: Auth) => Promise<unknown>][] = [
  ['changePassword', (auth) => auth.changePassword(nonsense, nonsense)],
  ['loadUser', (auth) => auth.loadUser(nonsense)],
  ['listSessions', (auth) => auth.listSessions(undefined as never)],
  ['endSession', (auth) => auth.endSession('a token' as never, 'an id')],
  ['endOtherSessions', (auth) => auth.endOtherSessions(null as never)],
]

it.each(ofTheOwnAccount)('%s says what it wants in place of nonsense', async (name, call) => {
  const { auth } = setUp()
  await expect(call(auth)).rejects.toThrow(
    new TypeError(`${name}: the first argument must be what authenticate() resolved`),
  )
})
