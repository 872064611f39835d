import type { RegisterInput } from '@latchkey/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/http-client.ts'
import { listeningStore, loginOutcome, outcome, recordOf } from '../support/onboarding.ts'
import {
  OTHER_PHONE,
  PHONE,
  phoneAccountOf,
  registerPhone,
  WITH_ALL,
  WITH_PHONES,
} from '../support/phones.ts'
import { PASSWORD, type Setup, serveSetup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.org'
const ADA = { email: EMAIL, username: 'ada', phone: PHONE }
const EVE = { email: 'eve@example.org', username: 'eve', phone: OTHER_PHONE }
const WRONG = 'a wrong password'

/** Everything by which Ada may be named, in more than one spelling. */
const NAMES = [EMAIL, 'ADA@Example.ORG', 'ada', 'ADA', PHONE, '+1 (202) 555-0100', '202-555-0100']

async function withAda() {
  const setup = setUp({ ...WITH_ALL, phones: { defaultCountry: 'US' } })
  const user = await setup.auth.createUser({ ...ADA, password: PASSWORD })
  return { ...setup, user }
}

describe('whoever logs in by any of their identifiers', () => {
  it('S013 is the same, however each is written', async () => {
    const setup = await withAda()
    for (const identifier of NAMES) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expect(user.id).toBe(setup.user.id)
    }
  })

  it('S027 has one count of failures, by whatever name and in whatever header', async () => {
    const setup = await withAda()
    const client = await serveSetup(setup)
    await setup.auth.createUser({ ...EVE, password: PASSWORD })
    for (const [at, identifier] of NAMES.entries()) {
      expect(await loginOutcome(setup, identifier, WRONG)).toBe('invalid_credentials')
      const basic = Buffer.from(`${identifier}:${WRONG}`).toString('base64')
      const headers = { authorization: `Basic ${basic}` }
      expect((await client.send('POST', '/auth/login', { headers })).status).toBe(401)
      // Neither a login of their own nor a forgotten password gives an attacker new tries.
      expect(await loginOutcome(setup, EVE.phone)).toBe('ok')
      await setup.auth.forgotPassword({ identifier })
      expect((await recordOf(setup, EMAIL)).failedLogins).toBe(2 * at + 2)
    }
  })

  it.each(['email', 'username', 'phone'] as const)(
    'S017 is never somebody who took their %s for a username',
    async (kind) => {
      const setup = await withAda()
      const spellings = { email: [EMAIL], username: ['ADA'], phone: NAMES.slice(4) }[kind]
      for (const username of spellings) {
        const refused = await outcome(setup.auth.register({ ...EVE, username, password: WRONG }))
        expect(['invalid_input', 'username_taken']).toContain(refused)
      }
      for (const identifier of NAMES) {
        expect(await loginOutcome(setup, identifier, WRONG)).toBe('invalid_credentials')
      }
    },
  )

  it('S017 cannot be called by an id', async () => {
    const setup = await withAda()
    const { id } = setup.user
    for (const username of [id, id.toUpperCase(), id.replaceAll('-', '')]) {
      const made = setup.auth.createUser({ ...EVE, username, password: PASSWORD })
      expect(await outcome(made)).toBe('invalid_input')
      expect(await loginOutcome(setup, username)).toBe('invalid_credentials')
    }
  })

  it('S014 is nobody by what looks like their number', async () => {
    const setup = await withAda()
    for (const identifier of [
      '+\uff11\uff12\uff102 555 0100',
      '\uff0b12025550100',
      '+\u0661\u0662025550100',
      `\u202a${PHONE}\u202c`,
      `${PHONE}\u200b`,
      `${PHONE};ext=1`,
      `tel:${PHONE}`,
      `${PHONE},${OTHER_PHONE}`,
      `00${PHONE.slice(1)}`,
    ]) {
      expect(await loginOutcome(setup, identifier), identifier).toBe('invalid_credentials')
      await setup.auth.forgotPassword({ identifier })
    }
    await setup.auth.close()
    expect(setup.outbox.messages).toEqual([])
  })

  it('S015 S025 has a text for a number, whatever else JSON can hold', async () => {
    const { auth } = setUp(WITH_PHONES)
    const noText = fc.jsonValue().filter((value) => typeof value !== 'string')
    await fc.assert(
      fc.asyncProperty(noText, async (phone) => {
        // What JSON brings is not what the types promise.
        const input = { phone, password: PASSWORD } as unknown as RegisterInput
        await expect((async () => auth.register(input))()).rejects.toMatchObject({
          code: 'invalid_input',
          errors: expect.arrayContaining([expect.objectContaining({ pointer: '/phone' })]),
        })
      }),
    )
  })
})

/** Somebody behind a number, in every state that refuses. */
const refused = [
  { who: 'unknown', identifier: '+12025550111', password: PASSWORD },
  { who: 'active', identifier: PHONE, password: WRONG },
  { who: 'active, in another spelling', identifier: '+1 (202) 555-0100', password: WRONG },
  { who: 'active, with a very long password', identifier: PHONE, password: 'x'.repeat(256) },
  { who: 'pending', identifier: OTHER_PHONE, password: WRONG },
  { who: 'disabled', identifier: '+12025550122', password: PASSWORD },
  { who: 'passwordless', identifier: '+12025550133', password: PASSWORD },
  { who: 'no number at all', identifier: '+1202', password: PASSWORD },
]

async function populate(setup: Setup): Promise<void> {
  await phoneAccountOf(setup)
  await registerPhone(setup, OTHER_PHONE)
  for (const [phone, patch] of [
    ['+12025550122', { status: 'disabled' }],
    ['+12025550133', { passwordHash: null }],
  ] as const) {
    const { user } = await phoneAccountOf(setup, phone)
    const record = await setup.store.users.find(user.id)
    await setup.store.users.update(user.id, record?.version ?? 0, patch)
  }
  await setup.auth.close()
}

describe('a login with a number that is refused', () => {
  it('S023 gets one answer, header by header, whoever is behind the number', async () => {
    const setup = setUp(WITH_PHONES)
    await populate(setup)
    const client = await serveSetup(setup)
    const answers = new Map<string, unknown>()
    for (const { who, identifier, password } of refused) {
      answers.set(who, visible(await client.post('/auth/login', { identifier, password })))
    }
    const first = answers.get('unknown')
    expect(first).toMatchObject({ status: 401 })
    for (const [who, answer] of answers) expect(answer, who).toEqual(first)
  })

  it('S024 costs the store one and the same, whoever is behind the number', async () => {
    const { store, calls } = listeningStore()
    const setup = setUp({ ...WITH_PHONES, store })
    await populate(setup)
    const work = new Map<string, unknown>()
    for (const { who, identifier, password } of refused) {
      calls.length = 0
      await loginOutcome(setup, identifier, password)
      work.set(
        who,
        calls.filter((call) => !call.startsWith('events.')),
      )
      await setup.auth.close()
    }
    work.delete('no number at all')
    for (const [who, some] of work) expect(some, who).toEqual(work.get('unknown'))
  })
})

/** All of an answer that is not the time. */
function visible({ status, text, headers }: Answer) {
  const { date: _date, ...others } = Object.fromEntries(headers)
  return { status, text, headers: others }
}

/** What somebody who does not hold the telephone can do about a number. */
async function probe(setup: Setup): Promise<unknown[]> {
  const client = await serveSetup(setup)
  const mine = 'the password of whoever asks'
  const steps: readonly [path: string, body: object][] = [
    ['/register', { phone: PHONE, password: mine }],
    ['/login', { identifier: PHONE, password: mine }],
    ['/login', { identifier: PHONE, password: WRONG }],
    ['/register', { phone: '+1 202 555 0100', password: `${mine} again` }],
    ['/login', { identifier: PHONE, password: mine }],
    ['/login', { identifier: PHONE, password: `${mine} again` }],
    ['/activate', { identifier: PHONE, code: 'abcdef' }],
    ['/activate/resend', { identifier: PHONE }],
    ['/password/forgot', { identifier: PHONE }],
    ['/login', { identifier: PHONE, password: `${mine} again` }],
  ]
  const answers = []
  for (const [path, body] of steps) {
    setup.clock.advance(1)
    answers.push({ path, ...visible(await client.post(`/auth${path}`, body)) })
    await setup.auth.close()
  }
  setup.clock.advance(86_400)
  const late = { identifier: PHONE, password: `${mine} again` }
  return [...answers, visible(await client.post('/auth/login', late))]
}

it('S012 S018 shows the same of a number, whether it was free, pending, taken or disabled', async () => {
  const [free, pending, taken, disabled] = Array.from({ length: 4 }, () => setUp(WITH_PHONES)) as [
    Setup,
    Setup,
    Setup,
    Setup,
  ]
  await registerPhone(pending, PHONE, 'of the owner')
  await phoneAccountOf(taken, PHONE, 'of the owner')
  const { user } = await phoneAccountOf(disabled, PHONE, 'of the owner')
  const record = await disabled.store.users.find(user.id)
  await disabled.store.users.update(user.id, record?.version ?? 0, { status: 'disabled' })
  const expected = await probe(free)
  expect(expected[0]).toMatchObject({ path: '/register', status: 202, text: '' })
  expect(expected[1]).toMatchObject({ path: '/login', status: 403 })
  for (const setup of [pending, taken, disabled]) expect(await probe(setup)).toEqual(expected)
})
