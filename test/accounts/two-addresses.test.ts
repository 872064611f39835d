import { describe, expect, it } from 'vitest'
import { messagesOf } from '../support/later-registrations.ts'
import { listeningStore, loginOutcome, outcome, recordOf } from '../support/onboarding.ts'
import { OTHER_PHONE, PHONE, WITH_ALL } from '../support/phones.ts'
import { PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.org'
const ADA = { email: 'Ada@example.org', username: 'ada', phone: '+1 (202) 555-0100' }

/** By which address accounts are activated, and which other one they may have. */
const ways = [
  {
    activation: 'email',
    first: { kind: 'email', to: 'Ada@example.org', value: EMAIL },
    other: { kind: 'phone', to: PHONE, value: PHONE, message: 'change_phone', channel: 'sms' },
  },
  {
    activation: 'phone',
    first: { kind: 'phone', to: PHONE, value: PHONE },
    other: {
      kind: 'email',
      to: ADA.email,
      value: EMAIL,
      message: 'change_email',
      channel: 'email',
    },
  },
] as const

type Way = (typeof ways)[number]

function register({ auth }: Setup, input: Partial<typeof ADA> = {}, password = PASSWORD) {
  return outcome(auth.register({ ...ADA, ...input, password }))
}

/** Activates by what was sent to the first address. */
async function activate({ auth, outbox }: Setup, { first }: Way) {
  const { link, code = '' } = await outbox.next('activate', first.to)
  if (link !== undefined) return auth.activate({ token: tokenIn(link) })
  return auth.activate({ identifier: first.to, code })
}

/** Gives back the code that was sent to the other address. */
async function confirm(setup: Setup, { other }: Way) {
  const { auth, outbox } = setup
  const { code = '' } = await outbox.next(other.message, other.to)
  const { accessToken } = await auth.login({ identifier: ADA.username, password: PASSWORD })
  const principal = await auth.authenticate(accessToken)
  return other.kind === 'email'
    ? auth.confirmEmail(principal, { code })
    : auth.confirmPhone(principal, { code })
}

describe.each(ways)('with activation by $activation, the other address', (way) => {
  const { activation, first, other } = way
  const options = { ...WITH_ALL, activation }

  it('S012 is on no record and is sent nothing until the account is open', async () => {
    const setup = setUp(options)
    expect(await register(setup)).toBe('ok')
    await setup.auth.close()
    expect(setup.outbox.messages.map(({ to }) => to)).toEqual([first.to])
    expect(await setup.store.users.findByIdentifier(other)).toBeNull()
    expect(await loginOutcome(setup, other.to)).toBe('invalid_credentials')
    expect(await loginOutcome(setup, first.to)).toBe('account_not_activated')
  })

  it('gets its proof at once when the account is, and logs in when it is proved', async () => {
    const setup = setUp(options)
    await register(setup)
    const opened = await activate(setup, way)
    expect(opened).toMatchObject({ [other.kind]: null, [first.kind]: expect.any(String) })
    expect(await loginOutcome(setup, other.to)).toBe('invalid_credentials')
    await confirm(setup, way)
    for (const identifier of [ADA.email, ADA.username, ADA.phone]) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expect(user).toMatchObject({ emailVerified: true, phoneVerified: true })
      expect([user.email, user.phone]).toEqual(['Ada@example.org', PHONE])
    }
    await setup.auth.close()
    expect(setup.events.map(({ type }) => type)).toContain(`${other.kind}.change_requested`)
    expect(setup.errors).toEqual([])
  })

  it('S012 that is taken shows to nobody but who proves it', async () => {
    const setup = setUp(options)
    await setup.auth.createUser({
      email: 'bob@example.org',
      username: 'bob',
      phone: OTHER_PHONE,
      password: PASSWORD,
      [other.kind]: other.value,
    })
    expect(await register(setup)).toBe('ok')
    await activate(setup, way)
    expect(await outcome(confirm(setup, way))).toBe(`${other.kind}_taken`)
  })

  it('S012 makes no difference to a registration, in answers and in calls of the store', async () => {
    const seen = []
    for (const taken of [false, true]) {
      const { store, calls } = listeningStore()
      const setup = setUp({ ...options, store })
      const bob = { email: 'bob@example.org', username: 'bob', phone: OTHER_PHONE }
      if (taken) bob[other.kind] = other.value
      await setup.auth.createUser({ ...bob, password: PASSWORD })
      await setup.auth.close()
      calls.length = 0
      const client = await serveSetup(setup)
      const { status, text } = await client.post('/auth/register', { ...ADA, password: PASSWORD })
      await setup.auth.close()
      seen.push({ status, text, calls: [...calls], messages: setup.outbox.messages.length })
    }
    expect(seen[0]).toMatchObject({ status: 202, text: '', messages: 1 })
    expect(seen[1]).toEqual(seen[0])
  })

  it('S021 of a stranger’s registration comes to nothing when the owner registers too', async () => {
    const setup = setUp(options)
    const strangers = other.kind === 'email' ? 'eve@example.org' : OTHER_PHONE
    await register(setup, { username: 'eve', [other.kind]: strangers }, 'of a stranger who guesses')
    await setup.auth.close()
    await register(setup)
    const { link } = await setup.outbox.next('activate_again', first.to)
    const sent = await messagesOf(setup, () => setup.auth.activate({ token: tokenIn(link) }))
    expect(sent.map(({ to }) => to)).toEqual([other.to])
    await confirm(setup, way)
    const user = await setup.store.users.findByIdentifier(first)
    expect(user).toMatchObject({ email: EMAIL, phone: PHONE, username: 'ada' })
    expect(await setup.store.users.findByIdentifier({ ...other, value: strangers })).toBeNull()
  })

  it('S021 comes to nothing when the account is opened by a new password', async () => {
    const setup = setUp(options)
    await register(setup)
    const [message] = await messagesOf(setup, () =>
      setup.auth.forgotPassword({ identifier: first.to }),
    )
    const newPassword = 'of the owner of the address'
    const proof =
      message?.link === undefined
        ? { identifier: first.to, code: message?.code ?? '' }
        : { token: tokenIn(message.link) }
    const sent = await messagesOf(setup, () => setup.auth.resetPassword({ ...proof, newPassword }))
    expect(sent.map(({ kind, to }) => [kind, to])).toEqual([['password_changed', first.to]])
    expect(await setup.store.users.findByIdentifier(other)).toBeNull()
  })

  it('may be left out where it is optional, and then nothing is sent', async () => {
    const setup = setUp({ ...options, optionalIdentifiers: [other.kind, 'username'] })
    await setup.auth.register({ [first.kind]: first.to, password: PASSWORD })
    await activate(setup, way)
    await setup.auth.close()
    expect(setup.outbox.messages).toHaveLength(1)
    expect(await loginOutcome(setup, first.to)).toBe('ok')
  })
})

describe('with no activation, both addresses', () => {
  it('are the account’s at once, unproved, and log in', async () => {
    const setup = setUp({ ...WITH_ALL, activation: 'none' })
    await register(setup)
    for (const identifier of [ADA.email, ADA.username, ADA.phone]) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expect(user).toMatchObject({ phone: PHONE, emailVerified: false, phoneVerified: false })
    }
    expect(await recordOf(setup, EMAIL)).toMatchObject({ status: 'active', phone: PHONE })
  })

  it.each(['email', 'phone'] as const)('S012 answer alike when the %s is taken', async (kind) => {
    const setup = setUp({ ...WITH_ALL, activation: 'none' })
    const bob = { email: 'bob@example.org', username: 'bob', phone: OTHER_PHONE }
    await setup.auth.createUser({ ...bob, password: PASSWORD })
    expect(await register(setup, { [kind]: bob[kind] })).toBe('ok')
    await setup.auth.close()
    expect(setup.outbox.messages.map(({ kind: what, to }) => [what, to])).toEqual([
      ['already_registered', 'bob@example.org'],
    ])
    // What is taken and what is free is told of usernames alone, whatever the address.
    expect(await register(setup, { [kind]: bob[kind], username: 'bob' })).toBe('username_taken')
    expect(await register(setup, { username: 'bob' })).toBe('username_taken')
  })
})

describe('a forgotten password of an account with two addresses', () => {
  it.each([ADA.email, ADA.username, ADA.phone])(
    'goes to the e-mail address for %j',
    async (identifier) => {
      const setup = setUp(WITH_ALL)
      await setup.auth.createUser({ ...ADA, password: PASSWORD })
      const sent = await messagesOf(setup, () => setup.auth.forgotPassword({ identifier }))
      expect(sent.map(({ channel, to }) => [channel, to])).toEqual([['email', 'Ada@example.org']])
    },
  )
})
