import type { Auth, Principal } from '@latchkey/core'
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
  ['undoEmailChange', (auth) => auth.undoEmailChange(nonsense)],
  ['verifyEmail', (auth) => auth.verifyEmail(nonsense)],
]

it.each(flows)(
  '%s refuses a wrong input by its promise, and never throws at once',
  async (_name, call) => {
    const { auth } = setUp()
    await expect(call(auth)).rejects.toMatchObject({ code: 'invalid_input' })
  },
)

const changes: readonly [name: string, call: (auth: Auth, who: Principal) => Promise<unknown>][] = [
  ['changePassword', (auth, who) => auth.changePassword(who, nonsense)],
  ['changeEmail', (auth, who) => auth.changeEmail(who, nonsense)],
  ['confirmEmail', (auth, who) => auth.confirmEmail(who, nonsense)],
  ['changePhone', (auth, who) => auth.changePhone(who, nonsense)],
  ['confirmPhone', (auth, who) => auth.confirmPhone(who, nonsense)],
  ['updateAccount', (auth, who) => auth.updateAccount(who, nonsense)],
  ['deleteAccount', (auth, who) => auth.deleteAccount(who, nonsense)],
]

it.each(changes)('%s does so too', async (_name, call) => {
  const setup = setUp()
  const { session } = await accountOf(setup)
  const principal = await setup.auth.authenticate(session.accessToken)
  await expect(call(setup.auth, principal)).rejects.toMatchObject({ code: 'invalid_input' })
  const login = await setup.auth.login({ identifier: 'ada@example.com', password: PASSWORD })
  expect(login.status).toBe('admitted')
})

const ofTheOwnAccount: readonly [name: string, call: (auth: Auth) => Promise<unknown>][] = [
  ['changePassword', (auth) => auth.changePassword(nonsense, nonsense)],
  ['changeEmail', (auth) => auth.changeEmail(nonsense, nonsense)],
  ['confirmEmail', (auth) => auth.confirmEmail(undefined as never, nonsense)],
  ['sendEmailVerification', (auth) => auth.sendEmailVerification(nonsense)],
  ['changePhone', (auth) => auth.changePhone(nonsense, nonsense)],
  ['confirmPhone', (auth) => auth.confirmPhone(null as never, nonsense)],
  ['updateAccount', (auth) => auth.updateAccount('a token' as never, nonsense)],
  ['deleteAccount', (auth) => auth.deleteAccount(nonsense, nonsense)],
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
