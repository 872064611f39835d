import { expect, it } from 'vitest'
import { settled } from '../support/problems.ts'
import { logsIn, NEW_PASSWORD, refusalOf, requestReset, wrongCode } from '../support/recovery.ts'
import { accountOf, PASSWORD, setUp, tokenIn } from '../support/setup.ts'

const newPassword = NEW_PASSWORD
const REFUSED = 'invalid_one_time_token'

it('S079 takes five guesses at a code and then not even the right one, but still the link', async () => {
  const setup = setUp()
  const { email: identifier } = await accountOf(setup)
  const { token, code } = await requestReset(setup, identifier)
  for (let guess = 1; guess <= 5; guess += 1) {
    const body = { identifier, code: wrongCode(code, guess), newPassword }
    expect(await refusalOf(setup.auth.resetPassword(body))).toBe(REFUSED)
  }
  expect(await refusalOf(setup.auth.resetPassword({ identifier, code, newPassword }))).toBe(REFUSED)
  await setup.auth.resetPassword({ token, newPassword })
  expect(await logsIn(setup, identifier, newPassword)).toBe(true)
})

it('S079 takes the right code at the fifth guess', async () => {
  const setup = setUp()
  const { email: identifier } = await accountOf(setup)
  const { code } = await requestReset(setup, identifier)
  for (let guess = 1; guess <= 4; guess += 1) {
    const body = { identifier, code: wrongCode(code, guess), newPassword }
    expect(await refusalOf(setup.auth.resetPassword(body))).toBe(REFUSED)
  }
  await setup.auth.resetPassword({ identifier, code, newPassword })
})

it('S020 S079 gives no new guesses with a new code', async () => {
  const setup = setUp()
  const { email: identifier } = await accountOf(setup)
  for (let guess = 1; guess <= 5; guess += 1) {
    const { code } = await requestReset(setup, identifier)
    const body = { identifier, code: wrongCode(code), newPassword }
    expect(await refusalOf(setup.auth.resetPassword(body))).toBe(REFUSED)
  }
  const { token, code } = await requestReset(setup, identifier)
  expect(await refusalOf(setup.auth.resetPassword({ identifier, code, newPassword }))).toBe(REFUSED)
  setup.clock.advance(29 * 60)
  const late = await requestReset(setup, identifier)
  const body = { identifier, code: late.code, newPassword }
  expect(await refusalOf(setup.auth.resetPassword(body))).toBe(REFUSED)
  expect(await refusalOf(setup.auth.resetPassword({ token, newPassword }))).toBe(REFUSED)
  await setup.auth.resetPassword({ token: late.token, newPassword })
})

it('S028 S079 counts guesses that come at once', async () => {
  const setup = setUp()
  const { email: identifier } = await accountOf(setup)
  const { code } = await requestReset(setup, identifier)
  const guesses = Array.from({ length: 50 }, (_, at) => wrongCode(code, at + 1))
  // The right one stands behind more wrong ones than there are attempts.
  const refusals = await Promise.all(
    [...guesses, code].map((guess) =>
      refusalOf(setup.auth.resetPassword({ identifier, code: guess, newPassword })),
    ),
  )
  expect(refusals).toEqual(refusals.map(() => REFUSED))
  expect(await logsIn(setup, identifier)).toBe(true)
})

it('S112 lets exactly one of fifty use the right code at once', async () => {
  const setup = setUp()
  const { email: identifier } = await accountOf(setup)
  const { code } = await requestReset(setup, identifier)
  const uses = Array.from({ length: 50 }, () =>
    refusalOf(setup.auth.resetPassword({ identifier, code, newPassword })),
  )
  expect((await Promise.all(uses)).filter((refusal) => refusal === null)).toHaveLength(1)
})

it('S019 binds a code to its account', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const { email: identifier } = await accountOf(setup, 'bob@example.com')
  const { code } = await requestReset(setup, email)
  await requestReset(setup, identifier)
  expect(await refusalOf(setup.auth.resetPassword({ identifier, code, newPassword }))).toBe(REFUSED)
})

it('S115 tells the operator of a wrong code', async () => {
  const setup = setUp()
  const { email: identifier, user } = await accountOf(setup)
  const { code } = await requestReset(setup, identifier)
  await settled(setup.auth)
  const before = setup.events.length
  const body = { identifier, code: wrongCode(code), newPassword }
  expect(await refusalOf(setup.auth.resetPassword(body))).toBe(REFUSED)
  await settled(setup.auth)
  expect(setup.events.slice(before)).toEqual([expect.objectContaining({ userId: user.id })])
})

it('S021 opens a pending account for who reads its mailbox, and kills the password before', async () => {
  const setup = setUp()
  const { auth, outbox } = setup
  const email = 'ada@example.com'
  await auth.register({ email, password: PASSWORD })
  const activation = await outbox.next('activate', email)
  const { token } = await requestReset(setup, email)
  await auth.resetPassword({ token, newPassword })
  expect(await logsIn(setup, email)).toBe(false)
  const { user } = await auth.login({ identifier: email, password: newPassword })
  expect(user.emailVerified).toBe(true)
  const late = [
    { token: tokenIn(activation.link) },
    { identifier: email, code: activation.code ?? '' },
  ]
  for (const proof of late) expect(await refusalOf(auth.activate(proof))).toBe(REFUSED)
  expect(await logsIn(setup, email, newPassword)).toBe(true)
})

it('S081 neither lets a disabled account choose a password nor opens it', async () => {
  const setup = setUp()
  const { store, auth } = setup
  const { email, user } = await accountOf(setup)
  const { token, code } = await requestReset(setup, email)
  const stored = await store.users.find(user.id)
  await store.users.update(user.id, stored?.version ?? 0, { status: 'disabled' })
  const disabled = await store.users.find(user.id)
  for (const proof of [{ token }, { identifier: email, code }]) {
    expect(await refusalOf(auth.resetPassword({ ...proof, newPassword }))).toBe(REFUSED)
  }
  expect(await store.users.find(user.id)).toEqual(disabled)
})

it('S081 proves no address but the one to which the message went', async () => {
  const setup = setUp()
  const { store, auth } = setup
  const { email, user } = await accountOf(setup)
  const { token } = await requestReset(setup, email)
  const stored = await store.users.find(user.id)
  const moved = { email: 'new@example.com', emailAsTyped: 'new@example.com', emailVerifiedAt: null }
  await store.users.update(user.id, stored?.version ?? 0, moved)
  expect(await refusalOf(auth.resetPassword({ token, newPassword }))).toBe(REFUSED)
  expect(await store.users.find(user.id)).toMatchObject(moved)
})
