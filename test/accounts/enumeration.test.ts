import { describe, expect, it } from 'vitest'
import { buildRuntime } from '../../packages/core/src/config.ts'
import type { Context } from '../../packages/core/src/context.ts'
import { login } from '../../packages/core/src/flows/login.ts'
import type { Answer } from '../support/http-client.ts'
import { change, listeningStore, outcome, register } from '../support/onboarding.ts'
import {
  accountOf,
  ORIGIN,
  PASSWORD,
  SECRET,
  type Setup,
  serveSetup,
  setUp,
} from '../support/setup.ts'

const WRONG = 'a wrong password'
const NOBODY = { ip: null, userAgent: null }

/** Everybody who is refused, and the password with which they are. */
const refused = [
  { who: 'unknown', password: PASSWORD },
  { who: 'unknown', password: WRONG },
  { who: 'active', password: WRONG },
  { who: 'disabled', password: PASSWORD },
  { who: 'disabled', password: WRONG },
  { who: 'passwordless', password: PASSWORD },
  { who: 'pending', password: WRONG },
  { who: 'claimed', password: WRONG },
  { who: 'unknown', password: 'x'.repeat(256) },
  { who: 'active', password: 'x'.repeat(256) },
]

/** One account in every state. `claimed` is active, and somebody else has tried to register it. */
async function populate(setup: Setup): Promise<void> {
  for (const who of ['active', 'disabled', 'passwordless', 'claimed']) {
    await accountOf(setup, `${who}@example.com`)
  }
  await change(setup, 'disabled@example.com', { status: 'disabled' })
  await change(setup, 'passwordless@example.com', { passwordHash: null })
  await register(setup, 'pending@example.com')
  await setup.auth.register({ email: 'claimed@example.com', password: 'of somebody else' })
  await setup.auth.close()
}

/** All of an answer that is not the time. */
function visible({ status, text, headers }: Answer) {
  const { date: _date, ...others } = Object.fromEntries(headers)
  return { status, text, headers: others }
}

describe('a login that is refused', () => {
  it('S018 S023 gets one answer, header by header, whoever is behind the address', async () => {
    const setup = setUp()
    await populate(setup)
    const client = await serveSetup(setup)
    const answers = []
    for (const { who, password } of refused) {
      const answer = await client.post('/auth/login', {
        identifier: `${who}@example.com`,
        password,
      })
      answers.push(visible(answer))
    }
    expect(answers[0]?.status).toBe(401)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('S024 costs the store one and the same, whoever is behind the address', async () => {
    const { store, calls } = listeningStore()
    const setup = setUp({ store })
    await populate(setup)
    const work = []
    for (const { who, password } of refused) {
      calls.length = 0
      await outcome(setup.auth.login({ identifier: `${who}@example.com`, password }))
      work.push(calls.filter((call) => !call.startsWith('events.')))
      await setup.auth.close()
    }
    for (const some of work) expect(some).toEqual(work[0])
    expect(work[0]?.length).toBeGreaterThan(0)
  })

  it('S018 S024 costs as many hashes, whoever is behind the address', async () => {
    const setup = setUp()
    await populate(setup)
    const { ctx, hashes } = countingContext(setup)
    const work = []
    for (const { who, password } of refused) {
      const before = hashes()
      await outcome(login(ctx, { identifier: `${who}@example.com`, password }, NOBODY))
      work.push(`${who}: ${hashes() - before}`)
    }
    const [unknown = ''] = work
    const each = unknown.replace('unknown: ', '')
    expect(work).toEqual(refused.map(({ who }) => `${who}: ${each}`))
  })

  it('S024 is worth a hash even for what can be nobody’s name', async () => {
    const { ctx, hashes } = countingContext(setUp())
    await outcome(login(ctx, { identifier: 'no identifier', password: WRONG }, NOBODY))
    expect(hashes()).toBeGreaterThanOrEqual(1)
  })
})

/** A context over the store and the clock of the setup, whose hashes are counted. */
function countingContext({ store, clock }: Setup): { ctx: Context; hashes(): number } {
  const { ctx } = buildRuntime({
    secret: SECRET,
    origin: ORIGIN,
    mailer: () => {},
    passwords: { dangerouslyWeakCost: { memory: 8, passes: 1 } },
    maintenance: false,
    now: clock.now,
    store,
  })
  let count = 0
  const hasher: Context['hasher'] = {
    hash: (password) => {
      count += 1
      return ctx.hasher.hash(password)
    },
    verify: (hash, password) => {
      count += 1
      return ctx.hasher.verify(hash, password)
    },
  }
  return { ctx: { ...ctx, hasher }, hashes: () => count }
}

/** What somebody who does not read the mailbox can do about an address. */
async function probe(setup: Setup): Promise<unknown[]> {
  const client = await serveSetup(setup)
  const email = 'ada@example.com'
  const mine = 'the password of whoever asks'
  const steps: readonly [path: string, body: object][] = [
    ['/register', { email, password: mine }],
    ['/login', { identifier: email, password: mine }],
    ['/login', { identifier: email, password: WRONG }],
    ['/register', { email: 'ADA@example.com', password: `${mine} again` }],
    ['/login', { identifier: email, password: mine }],
    ['/login', { identifier: email, password: `${mine} again` }],
    ['/activate', { identifier: email, code: 'abcdef' }],
    ['/activate', { token: 'A'.repeat(43) }],
    ['/activate/resend', { identifier: email }],
    ['/login', { identifier: email, password: `${mine} again` }],
    ['/password/forgot', { identifier: email }],
    ['/login', { identifier: email, password: `${mine} again` }],
  ]
  const answers = []
  for (const [path, body] of steps) {
    setup.clock.advance(1)
    answers.push({ path, ...visible(await client.post(`/auth${path}`, body)) })
    await setup.auth.close()
  }
  setup.clock.advance(86_400)
  const late = { identifier: email, password: `${mine} again` }
  answers.push(visible(await client.post('/auth/login', late)))
  return answers
}

describe('whoever registers an address and does not read its mail', () => {
  it('S012 S018 sees the same whether it was free, pending, taken or disabled', async () => {
    const [free, pending, taken, disabled] = [setUp(), setUp(), setUp(), setUp()]
    await register(pending, 'ada@example.com', 'the password of the owner')
    await accountOf(taken, 'ada@example.com')
    await accountOf(disabled, 'ada@example.com')
    await change(disabled, 'ada@example.com', { status: 'disabled' })

    const expected = await probe(free)
    expect(expected[0]).toMatchObject({ path: '/register', status: 202, text: '' })
    expect(expected[1]).toMatchObject({ path: '/login', status: 403 })
    expect(await probe(pending)).toEqual(expected)
    expect(await probe(taken)).toEqual(expected)
    expect(await probe(disabled)).toEqual(expected)
  })

  it('S012 S024 costs a login after it as many store calls and hashes in each case', async () => {
    const work = async (prepare: (setup: Setup) => Promise<unknown>) => {
      const { store, calls } = listeningStore()
      const setup = setUp({ store })
      await prepare(setup)
      setup.clock.advance(1)
      await setup.auth.register({ email: 'ada@example.com', password: PASSWORD })
      await setup.auth.close()
      calls.length = 0
      const { ctx, hashes } = countingContext(setup)
      const result = await outcome(
        login(ctx, { identifier: 'ada@example.com', password: PASSWORD }, NOBODY),
      )
      return {
        result,
        calls: calls.filter((call) => !call.startsWith('events.')),
        hashes: hashes(),
      }
    }
    const free = await work(async () => {})
    expect(free.result).toBe('account_not_activated')
    expect(await work((setup) => register(setup, 'ada@example.com', 'of the owner'))).toEqual(free)
    const owned = async ({ auth }: Setup) =>
      auth.createUser({ email: 'ada@example.com', password: 'of the owner' })
    expect(await work(owned)).toEqual(free)
  })
})
