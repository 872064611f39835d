import { memoryStore } from '@latchkey/memory-store'
import { expect, it } from 'vitest'
import { hostsInTurn } from '../support/hosts.ts'
import type { Answer, HttpClient } from '../support/http-client.ts'
import { change, register } from '../support/onboarding.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, type Setup, serveSetup, setUp } from '../support/setup.ts'

const WRONG = 'not the password of anybody'

/** One account in each state, and the address of nobody. All are as long. */
const addresses = {
  unknown: 'account-0@example.com',
  existing: 'account-1@example.com',
  disabled: 'account-2@example.com',
  'not activated': 'account-3@example.com',
  passwordless: 'account-4@example.com',
  'disabled and passwordless': 'account-5@example.com',
} as const

/** Every request of somebody without the password that names an account. */
const questions: Readonly<
  Record<
    string,
    (client: HttpClient, base: string, email: string, asker: string) => Promise<Answer>
  >
> = {
  'a login': (client, base, identifier) =>
    client.post(`${base}/login`, { identifier, password: WRONG }),
  'a login with the password of most': (client, base, identifier) =>
    identifier === addresses.existing || identifier === addresses['not activated']
      ? client.post(`${base}/login`, { identifier, password: WRONG })
      : client.post(`${base}/login`, { identifier, password: PASSWORD }),
  'a login by HTTP Basic': (client, base, identifier) =>
    client.send('POST', `${base}/login`, {
      headers: { authorization: `Basic ${btoa(`${identifier}:${WRONG}`)}` },
    }),
  'a registration': (client, base, email) =>
    client.post(`${base}/register`, { email, password: WRONG }),
  'a registration with a password that is no good': (client, base, email) =>
    client.post(`${base}/register`, { email, password: 'short' }),
  'a request for another password': (client, base, identifier) =>
    client.post(`${base}/password/forgot`, { identifier }),
  'a request for the activation message': (client, base, identifier) =>
    client.post(`${base}/activate/resend`, { identifier }),
  'an activation by a code': (client, base, identifier) =>
    client.post(`${base}/activate`, { identifier, code: 'abcdef' }),
  'a reset by a code': (client, base, identifier) =>
    client.post(`${base}/password/reset`, { identifier, code: 'abcdefgh', newPassword: WRONG }),
  'a change to that address': (client, base, email, asker) =>
    client.post(`${base}/email/change`, { email, currentPassword: PASSWORD }, asker),
}

async function populate(setup: Setup): Promise<string> {
  const { auth } = setup
  for (const email of [
    addresses.existing,
    addresses.disabled,
    addresses.passwordless,
    addresses['disabled and passwordless'],
  ]) {
    await accountOf(setup, email)
  }
  await change(setup, addresses.disabled, { status: 'disabled' })
  await change(setup, addresses.passwordless, { passwordHash: null })
  const both = { status: 'disabled', passwordHash: null } as const
  await change(setup, addresses['disabled and passwordless'], both)
  await register(setup, addresses['not activated'])
  const { session } = await accountOf(setup, 'asker@example.com')
  await settled(auth)
  return session.accessToken
}

/** All of an answer but when it was given, with the names of the headers in the order in which they came. */
function visible({ status, text, headers }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') }
}

/** What everybody is answered to a question. */
async function answersTo(setup: Setup, ask: (email: string) => Promise<Answer>) {
  const answers = []
  for (const [who, email] of Object.entries(addresses)) {
    answers.push({ who, answer: visible(await ask(email)) })
    await settled(setup.auth)
  }
  return answers
}

for (const host of hostsInTurn) {
  it(`S012 S023 S075 answers alike, to the byte, whoever has the address, served by ${host.name}`, async () => {
    const setup = await host.setUp()
    const asker = await populate(setup)
    const client = await host.serve(setup.auth)
    for (const [what, ask] of Object.entries(questions)) {
      const answers = await answersTo(setup, (email) => ask(client, host.base, email, asker))
      const [unknown, ...others] = answers
      expect(unknown?.answer.status, what).toBeGreaterThanOrEqual(200)
      for (const { who, answer } of others) {
        expect({ what, who, answer }).toEqual({ what, who, answer: unknown?.answer })
      }
    }
  })
}

it('S012 S023 S026 S075 answers alike, to the byte, while the limits are reached', async () => {
  const rows = []
  for (const [who, email] of Object.entries(addresses)) {
    const setup = setUp({ limits: {} })
    const asker = await populate(setup)
    const client = await serveSetup(setup)
    const answers = []
    for (const ask of [...Object.values(questions), ...Object.values(questions).slice(0, 3)]) {
      for (let time = 0; time < 4; time += 1) {
        answers.push(visible(await ask(client, '/auth', email, asker)))
        await settled(setup.auth)
      }
    }
    rows.push({ who, answers })
  }
  const [unknown, ...others] = rows
  expect(unknown?.answers.some(({ status }) => status === 429)).toBe(true)
  for (const { who, answers } of others) {
    expect({ who, answers }).toEqual({ who, answers: unknown?.answers })
  }
})

it.each(['forgotPassword', 'resendActivation'] as const)(
  'S075 %s looks nobody up before it answers: a record that is found takes longer than none',
  async (request) => {
    const store = memoryStore()
    const { findByIdentifier } = store.users
    const asked: string[] = []
    store.users.findByIdentifier = (identifier) => {
      asked.push(identifier.value)
      return findByIdentifier.call(store.users, identifier)
    }
    const setup = setUp({ store })
    await populate(setup)
    for (const identifier of Object.values(addresses)) {
      asked.length = 0
      await setup.auth[request]({ identifier })
      expect(asked).toHaveLength(1)
      expect(asked).not.toContain(identifier)
      await settled(setup.auth)
      expect(asked).toContain(identifier)
    }
  },
)
