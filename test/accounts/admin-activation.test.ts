import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { messagesOf } from '../support/later-registrations.ts'
import { loginOutcome, outcome, recordOf } from '../support/onboarding.ts'
import { OTHER_PHONE, PHONE, WITH_ALL } from '../support/phones.ts'
import { PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const DAY = 86_400
const EMAIL = 'ada@example.org'
const ADA = { email: EMAIL, username: 'ada', phone: PHONE }
const STRANGER = 'of a stranger who guesses'
const OPTIONS = { ...WITH_ALL, activation: 'admin' } as const

async function register(
  { auth, clock }: Setup,
  input: Partial<typeof ADA> = {},
  password = PASSWORD,
) {
  const result = await outcome(auth.register({ ...ADA, ...input, password }))
  clock.advance(1)
  await auth.close()
  return result
}

async function approve(setup: Setup, email = EMAIL) {
  const { id } = await recordOf(setup, email)
  return outcome(setup.auth.enableUser('system', id))
}

describe('an account that an administrator opens', () => {
  it('S018 waits, is sent nothing, and says that it waits to who knows its password', async () => {
    const setup = setUp(OPTIONS)
    expect(await register(setup)).toBe('ok')
    expect(setup.outbox.messages).toEqual([])
    for (const identifier of Object.values(ADA)) {
      expect(await loginOutcome(setup, identifier)).toBe('account_not_activated')
      expect(await loginOutcome(setup, identifier, STRANGER)).toBe('invalid_credentials')
    }
    setup.clock.advance(6 * DAY)
    expect(await loginOutcome(setup, EMAIL)).toBe('account_not_activated')
  })

  it('S018 is opened with what it was registered with, and its owner is told', async () => {
    const setup = setUp({
      ...OPTIONS,
      profile: z.object({ company: z.string() }),
    })
    const profile = { company: 'Analytical Engines' }
    await setup.auth.register({ ...ADA, password: PASSWORD, profile })
    const sent = await messagesOf(setup, () => approve(setup))
    expect(sent.map(({ kind, to }) => [kind, to])).toEqual([['account_approved', EMAIL]])
    for (const identifier of Object.values(ADA)) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expect(user).toMatchObject({ profile, emailVerified: false, phoneVerified: false })
    }
    expect(await approve(setup)).toBe('ok')
    await setup.auth.close()
    const activated = setup.events.filter(({ type }) => type === 'user.activated')
    expect(activated).toMatchObject([{ channel: null, actorId: null }])
  })

  it('S018 is opened by nothing else: no link, no code, no new password', async () => {
    const setup = setUp(OPTIONS)
    await register(setup)
    const { id } = await recordOf(setup, EMAIL)
    const [waiting] = await setup.store.oneTimeTokens.list(id, 'activate', setup.clock.now(), 2)
    for (const identifier of Object.values(ADA)) {
      await setup.auth.resendActivation({ identifier })
      await setup.auth.forgotPassword({ identifier })
    }
    await setup.auth.close()
    expect(setup.outbox.messages).toEqual([])
    expect(await setup.store.oneTimeTokens.list(id, 'activate', setup.clock.now(), 2)).toEqual([
      waiting,
    ])
    const client = await serveSetup(setup)
    expect((await client.post('/auth/activate', { token: 'A'.repeat(43) })).status).toBe(404)
    expect((await client.post('/auth/activate/resend', { identifier: EMAIL })).status).toBe(404)
    expect((await recordOf(setup, EMAIL)).status).toBe('pending')
  })

  it('S018 is not opened by a link that was sent when links still opened accounts', async () => {
    const before = setUp(WITH_ALL)
    await register(before)
    const { link, code = '' } = await before.outbox.next('activate', EMAIL)
    await before.auth.forgotPassword({ identifier: EMAIL })
    const reset = await before.outbox.next('reset_password', EMAIL)
    const setup = setUp({ ...OPTIONS, store: before.store, now: before.clock.now })
    const newPassword = 'another fine password'
    for (const attempt of [
      setup.auth.activate({ token: tokenIn(link) }),
      setup.auth.activate({ identifier: EMAIL, code }),
      setup.auth.resetPassword({ token: tokenIn(reset.link), newPassword }),
    ]) {
      expect(await outcome(attempt)).toBe('invalid_one_time_token')
    }
    expect((await recordOf(setup, EMAIL)).status).toBe('pending')
  })

  it('S021 has no password when the address was registered more than once: the owner chooses one', async () => {
    const setup = setUp(OPTIONS)
    await register(setup, { username: 'eve', phone: OTHER_PHONE }, STRANGER)
    await register(setup)
    const [message] = await messagesOf(setup, () => approve(setup))
    expect(message).toMatchObject({ kind: 'invitation', to: EMAIL })
    for (const password of [PASSWORD, STRANGER]) {
      expect(await loginOutcome(setup, EMAIL, password)).not.toBe('ok')
    }
    const token = tokenIn(message?.link)
    await setup.auth.acceptInvitation({ token, password: 'of the owner of the address' })
    expect(await loginOutcome(setup, EMAIL, 'of the owner of the address')).toBe('ok')
    for (const password of [PASSWORD, STRANGER]) {
      expect(await loginOutcome(setup, EMAIL, password)).not.toBe('ok')
    }
  })

  it('S021 has no password when the first of its registrations has expired', async () => {
    const setup = setUp(OPTIONS)
    await register(setup, {}, STRANGER)
    setup.clock.advance(6 * DAY)
    await register(setup, { username: 'other' })
    setup.clock.advance(2 * DAY)
    const [message] = await messagesOf(setup, () => approve(setup))
    expect(message?.kind).toBe('invitation')
    expect(await loginOutcome(setup, EMAIL)).not.toBe('ok')
  })

  it('S021 has no password when its credentials have moved since it was registered', async () => {
    const setup = setUp(OPTIONS)
    await register(setup, {}, STRANGER)
    const { id, version } = await recordOf(setup, EMAIL)
    await setup.store.users.update(id, version, { credentialEpoch: 1 })
    await approve(setup)
    expect(await recordOf(setup, EMAIL)).toMatchObject({ status: 'active', passwordHash: null })
    expect(await loginOutcome(setup, EMAIL, STRANGER)).not.toBe('ok')
  })

  it('is not a name alone that waits for somebody else’s registration', async () => {
    const setup = setUp(OPTIONS)
    await setup.auth.createUser({ ...ADA, password: PASSWORD })
    await register(setup, { username: 'reserved' }, STRANGER)
    const name = { kind: 'username', value: 'reserved' } as const
    const held = await setup.store.users.findByIdentifier(name)
    expect(held).toMatchObject({ status: 'pending', email: null, phone: null })
    expect(await outcome(setup.auth.enableUser('system', held?.id ?? ''))).toBe('wrong_status')
    expect(await setup.store.users.findByIdentifier(name)).toEqual(held)
  })

  it('S021 opens by an administrator where a link would have, and its other address waits for its proof', async () => {
    const setup = setUp(WITH_ALL)
    await register(setup)
    const sent = await messagesOf(setup, () => approve(setup))
    expect(sent.map(({ kind, to }) => [kind, to]).toSorted()).toEqual([
      ['account_approved', EMAIL],
      ['change_phone', PHONE],
    ])
    const { user } = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    expect(user).toMatchObject({ emailVerified: false, phone: null })
  })

  it('S113 is opened once, however many approve it at the same time', async () => {
    const setup = setUp(OPTIONS)
    await register(setup)
    await Promise.all(Array.from({ length: 20 }, () => approve(setup)))
    await setup.auth.close()
    expect(setup.events.filter(({ type }) => type === 'user.activated')).toHaveLength(1)
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
  })
})

it('S012 tells who has both addresses of a registration once, and who has one of them too', async () => {
  const setup = setUp(OPTIONS)
  await setup.auth.createUser({ ...ADA, password: 'of the owner' })
  const told = await messagesOf(setup, () => register(setup, { username: 'second' }))
  expect(told.map(({ kind, to }) => [kind, to])).toEqual([['already_registered', EMAIL]])
  const bob = { email: 'bob@example.org', username: 'bob', phone: OTHER_PHONE }
  await setup.auth.createUser({ ...bob, password: 'of somebody else' })
  const both = await messagesOf(setup, () =>
    register(setup, { username: 'third', phone: OTHER_PHONE }),
  )
  expect(both.map(({ to }) => to).toSorted()).toEqual([EMAIL, 'bob@example.org'])
})

/** Set-ups in which different ones of Ada's identifiers are somebody else's. */
const situations: readonly { taken: string; prepare(setup: Setup): Promise<unknown> }[] = [
  { taken: 'nothing', prepare: async () => {} },
  { taken: 'the address, by one who waits', prepare: (setup) => holder(setup, { email: EMAIL }) },
  { taken: 'the number, by one who waits', prepare: (setup) => holder(setup, { phone: PHONE }) },
  { taken: 'both, by one', prepare: (setup) => member(setup, { email: EMAIL, phone: PHONE }) },
  {
    taken: 'both, by two',
    async prepare(setup) {
      await member(setup, { email: EMAIL })
      await holder(setup, { phone: PHONE, username: 'carol', email: 'carol@example.org' })
    },
  },
  { taken: 'the address', prepare: (setup) => member(setup, { email: EMAIL }) },
  { taken: 'the number', prepare: (setup) => member(setup, { phone: PHONE }) },
]

const BOB = { email: 'bob@example.org', username: 'bob', phone: '+12025550123' }

function holder(setup: Setup, input: Partial<typeof ADA>) {
  return register(setup, { ...BOB, ...input }, 'of somebody else')
}

function member({ auth }: Setup, input: Partial<typeof ADA>) {
  return auth.createUser({ ...BOB, ...input, password: 'of somebody else' })
}

/** What whoever does not read the mail sees of two registrations, by every identifier and password. */
async function probe(prepare: (setup: Setup) => Promise<unknown>) {
  const setup = setUp(OPTIONS)
  await prepare(setup)
  setup.clock.advance(1)
  const second = { ...ADA, username: 'lovelace', phone: OTHER_PHONE }
  const seen: unknown[] = [await register(setup, ADA, 'the first password')]
  seen.push(await register(setup, second, 'the second password'))
  seen.push(await register(setup, { ...second, email: 'new@example.org' }, PASSWORD))
  for (const later of [0, 6 * DAY, DAY]) {
    setup.clock.advance(later)
    for (const identifier of [...Object.values(ADA), second.username, second.phone]) {
      for (const password of ['the first password', 'the second password', PASSWORD]) {
        seen.push([identifier, password, await loginOutcome(setup, identifier, password)])
      }
    }
  }
  return seen
}

it('S012 S018 shows the same of two registrations, whichever of their identifiers were taken', async () => {
  const [free = [], ...others] = await Promise.all(situations.map(({ prepare }) => probe(prepare)))
  expect(free.slice(0, 3)).toEqual(['ok', 'ok', 'username_taken'])
  expect(free).toContainEqual([EMAIL, 'the second password', 'account_not_activated'])
  expect(free).toContainEqual([PHONE, 'the first password', 'account_not_activated'])
  expect(free).toContainEqual([OTHER_PHONE, 'the second password', 'account_not_activated'])
  for (const [at, seen] of others.entries()) {
    expect(seen, situations[at + 1]?.taken).toEqual(free)
  }
})
