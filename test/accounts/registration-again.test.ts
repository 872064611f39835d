import { describe, expect, it } from 'vitest'
import { messagesOf, registerAgain } from '../support/later-registrations.ts'
import {
  change,
  loginOutcome,
  outcome,
  recordOf,
  register,
  WITH_USERNAMES,
} from '../support/onboarding.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const STRANGER = 'the password of a stranger'
const OWNER = 'the password of the owner'

/** A stranger registers the address first, then its owner does. */
async function registeredTwice(setup: Setup) {
  const stranger = await register(setup, EMAIL, STRANGER)
  setup.clock.advance(60)
  const owner = await registerAgain(setup, EMAIL, OWNER)
  return { stranger, owner }
}

describe('an address that is registered again before it is activated', () => {
  it("S021 opens with the owner's password by the owner's link, and gives the stranger nothing", async () => {
    const setup = setUp()
    const { stranger, owner } = await registeredTwice(setup)
    await setup.auth.activate({ token: owner.token })
    expect(await loginOutcome(setup, EMAIL, OWNER)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, STRANGER)).not.toBe('ok')
    expect(await outcome(setup.auth.activate({ token: stranger.token }))).toBe(
      'invalid_one_time_token',
    )
    const byCode = { identifier: EMAIL, code: stranger.code ?? '' }
    expect(await outcome(setup.auth.activate(byCode))).toBe('invalid_one_time_token')
    expect(await loginOutcome(setup, EMAIL, OWNER)).toBe('ok')
  })

  it('S021 keeps every link alive until one is used, each with its own password', async () => {
    const setup = setUp()
    const { stranger, owner } = await registeredTwice(setup)
    await setup.auth.activate({ token: stranger.token })
    expect(await loginOutcome(setup, EMAIL, STRANGER)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, OWNER)).not.toBe('ok')
    expect(await outcome(setup.auth.activate({ token: owner.token }))).toBe(
      'invalid_one_time_token',
    )
  })

  it('S021 changes nothing of the record but how long it lives', async () => {
    const setup = setUp()
    await register(setup, EMAIL, STRANGER)
    const before = await recordOf(setup, EMAIL)
    setup.clock.advance(60)
    await registerAgain(setup, EMAIL, OWNER)
    const moved = { updatedAt: setup.clock.now(), version: before.version + 1 }
    expect(await recordOf(setup, EMAIL)).toEqual({ ...before, ...moved })
    expect(before.passwordHash).toBeNull()
  })

  it('S021 sends a code with the first registration only: many codes would be easier to guess', async () => {
    const setup = setUp()
    const { stranger, owner } = await registeredTwice(setup)
    expect(stranger.code).toMatch(/^\d{6}$/)
    expect(owner.code).toBeUndefined()
    expect(owner.text + owner.html).not.toMatch(/code/i)
  })

  it('S021 opens once when all its links are used at the same time', async () => {
    const setup = setUp()
    const links = []
    for (let at = 0; at < 10; at += 1) {
      const send = at === 0 ? register : registerAgain
      links.push((await send(setup, EMAIL, `password number ${at}`)).token)
      setup.clock.advance(1)
    }
    const outcomes = await Promise.all(
      links.map((token) => outcome(setup.auth.activate({ token }))),
    )
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1)
    expect(outcomes.filter((result) => result === 'invalid_one_time_token')).toHaveLength(9)
    expect((await recordOf(setup, EMAIL)).credentialEpoch).toBe(1)
    const winner = outcomes.indexOf('ok')
    expect(await loginOutcome(setup, EMAIL, `password number ${winner}`)).toBe('ok')
  })

  it('S021 S080 opens for whoever reads the mailbox by a reset, and every registration dies', async () => {
    const setup = setUp()
    const { stranger, owner } = await registeredTwice(setup)
    await setup.auth.forgotPassword({ identifier: EMAIL })
    const { link } = await setup.outbox.next('reset_password', EMAIL)
    await setup.auth.resetPassword({ token: tokenIn(link), newPassword: 'a third password' })
    for (const { token } of [stranger, owner]) {
      expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    }
    expect(await loginOutcome(setup, EMAIL, 'a third password')).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, STRANGER)).not.toBe('ok')
    expect(await loginOutcome(setup, EMAIL, OWNER)).not.toBe('ok')
  })

  it("S021 S016 gives up the stranger's username for the owner's", async () => {
    const setup = setUp(WITH_USERNAMES)
    await setup.auth.register({ email: EMAIL, username: 'stranger', password: STRANGER })
    setup.clock.advance(60)
    const { token } = await registerAgain(setup, EMAIL, OWNER, 'Ada')
    expect(await setup.auth.activate({ token })).toMatchObject({ email: EMAIL, username: 'Ada' })
    expect(await loginOutcome(setup, 'ada', OWNER)).toBe('ok')
    expect(await loginOutcome(setup, 'stranger', STRANGER)).toBe('invalid_credentials')
    const free = setup.auth.register({
      email: 'bob@example.com',
      username: 'stranger',
      password: PASSWORD,
    })
    expect(await outcome(free)).toBe('ok')
  })

  it("S021 S016 goes without a name rather than under a stranger's when its own was lost meanwhile", async () => {
    const setup = setUp(WITH_USERNAMES)
    await setup.auth.register({ email: EMAIL, username: 'stranger', password: STRANGER })
    setup.clock.advance(60)
    const { token } = await registerAgain(setup, EMAIL, OWNER, 'lovelace')
    const name = { kind: 'username', value: 'lovelace' } as const
    const { id = '', version = 0 } = (await setup.store.users.findByIdentifier(name)) ?? {}
    await setup.store.users.update(id, version, { username: null, usernameAsTyped: null })
    await setup.auth.createUser({
      email: 'bob@example.com',
      username: 'lovelace',
      password: PASSWORD,
    })
    expect(await setup.auth.activate({ token })).toMatchObject({ email: EMAIL, username: null })
  })
})

describe('an address with an active account', () => {
  it('S012 S021 stays as it is when it is registered again, and its owner is told', async () => {
    const setup = setUp()
    await accountOf(setup)
    const before = await recordOf(setup, EMAIL)
    await setup.auth.register({ email: EMAIL, password: STRANGER })
    const notice = await setup.outbox.next('already_registered', EMAIL)
    expect([notice.link, notice.code]).toEqual([undefined, undefined])
    await setup.auth.close()
    expect(await recordOf(setup, EMAIL)).toEqual(before)
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, STRANGER)).not.toBe('ok')
  })

  it('S012 keeps its sessions, and nothing is sent that activates', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    const messages = await messagesOf(setup, async () => {
      await setup.auth.register({ email: EMAIL, password: STRANGER })
      await setup.auth.resendActivation({ identifier: EMAIL })
    })
    expect((await setup.auth.authenticate(session.accessToken)).user.id).toBe(session.user.id)
    expect(messages.map(({ kind }) => kind)).toEqual(['already_registered', 'already_registered'])
    for (const { link, code } of messages) expect([link, code]).toEqual([undefined, undefined])
  })

  it('S012 S081 gets no word when it is disabled, and is not opened again', async () => {
    const setup = setUp()
    await accountOf(setup)
    await change(setup, EMAIL, { status: 'disabled' })
    await setup.auth.register({ email: EMAIL, password: STRANGER })
    await setup.auth.close()
    expect(setup.outbox.messages.map(({ kind }) => kind)).toEqual(['activate'])
    expect(await loginOutcome(setup, EMAIL)).toBe('invalid_credentials')
    expect((await recordOf(setup, EMAIL)).status).toBe('disabled')
  })
})
