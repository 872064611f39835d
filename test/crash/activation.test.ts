import { describe, expect, it } from 'vitest'
import { PASSWORD, type Setup, tokenIn } from '../support/setup.ts'
import {
  ADA,
  answerOf,
  type CrashCase,
  crashEverywhere,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newestActivation,
  newestToken,
  recordOf,
  settle,
} from './crash.ts'

interface Proof {
  readonly token?: string
  readonly identifier?: string
  readonly code?: string
}

async function intrude(setup: Setup): Promise<void> {
  await expectNoHalfOpenAccount(setup)
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

/** The proof that the newest message holds. */
async function proofOf(setup: Setup, by: 'link' | 'code'): Promise<Proof> {
  const message = await newestActivation(setup)
  return by === 'link'
    ? { token: tokenIn(message?.link) }
    : { identifier: ADA, code: message?.code ?? '' }
}

/** Uses the proof again, or else asks for another message, or else is in already. */
async function goOnFrom(setup: Setup, proof: Proof): Promise<string> {
  const { auth } = setup
  if ((await recordOf(setup))?.status === 'active') {
    await expectLogin(setup, PASSWORD)
    return 'logging in'
  }
  if ((await answerOf(auth.activate(proof))) === 'done') {
    await expectLogin(setup, PASSWORD)
    return 'the same proof'
  }
  await auth.resendActivation({ identifier: ADA })
  const reset = await newestToken(setup, 'reset_password')
  if (reset === '') {
    await auth.activate(await proofOf(setup, 'link'))
    await intrude(setup)
    await expectLogin(setup, PASSWORD)
    return 'another message'
  }
  await auth.resetPassword({ token: reset, newPassword: NEW_PASSWORD })
  await expectLogin(setup, NEW_PASSWORD)
  return 'choosing a password'
}

function activation(by: 'link' | 'code'): CrashCase<Proof> {
  return {
    async prepare(setup) {
      await setup.auth.register({ email: ADA, password: PASSWORD })
      return proofOf(setup, by)
    },
    flow: ({ auth }, proof) => auth.activate(proof),
    goOn: goOnFrom,
    intrude,
  }
}

/** Somebody else registered the address first, and Ada second. */
const activationOfTheSecond: CrashCase<Proof> = {
  ...activation('link'),
  async prepare(setup) {
    await setup.auth.register({ email: ADA, password: INTRUDERS_PASSWORD })
    await settle(setup)
    await setup.auth.register({ email: ADA, password: PASSWORD })
    return proofOf(setup, 'link')
  },
}

/** The same, with usernames: Ada's waits in a record of its own. */
const activationWithUsername: CrashCase<Proof> = {
  ...activation('link'),
  options: { identifiers: ['email', 'username'] },
  async prepare(setup) {
    const { auth } = setup
    await auth.register({ email: ADA, username: 'mallory', password: INTRUDERS_PASSWORD })
    await settle(setup)
    await auth.register({ email: ADA, username: 'ada', password: PASSWORD })
    return proofOf(setup, 'link')
  },
  async intrude(setup) {
    await intrude(setup)
    const user = await recordOf(setup)
    if (user?.status === 'active') expect(user.username).not.toBe('mallory')
  },
}

const moments = ['before', 'after'] as const

describe('S103 S112 a store that fails while an account is activated', () => {
  it('by link, before the verb', async () => {
    expect(await crashEverywhere('before', activation('link'))).toEqual([
      'oneTimeTokens.find: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      'users.update: unavailable, then the same proof',
      'oneTimeTokens.take: done, then logging in',
      'events.append: done, then logging in',
    ])
  })

  it('by link, after the verb', async () => {
    expect(await crashEverywhere('after', activation('link'))).toEqual([
      'oneTimeTokens.find: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      'users.update: unavailable, then logging in',
      'oneTimeTokens.take: done, then logging in',
      'events.append: done, then logging in',
    ])
  })

  it('by code, before the verb', async () => {
    expect(await crashEverywhere('before', activation('code'))).toEqual([
      'users.findByIdentifier: unavailable, then the same proof',
      'oneTimeTokens.tryCode: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      'users.update: unavailable, then the same proof',
      'oneTimeTokens.take: done, then logging in',
      'events.append: done, then logging in',
    ])
  })

  it('by code, after the verb', async () => {
    expect(await crashEverywhere('after', activation('code'))).toEqual([
      'users.findByIdentifier: unavailable, then the same proof',
      'oneTimeTokens.tryCode: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      'users.update: unavailable, then logging in',
      'oneTimeTokens.take: done, then logging in',
      'events.append: done, then logging in',
    ])
  })

  it.each(moments)(
    'S021 of an address that somebody else registered first (%s)',
    async (moment) => {
      const lines = await crashEverywhere(moment, activationOfTheSecond)
      expect(lines).toEqual([
        'oneTimeTokens.find: unavailable, then the same proof',
        'users.find: unavailable, then the same proof',
        `users.update: unavailable, then ${moment === 'before' ? 'the same proof' : 'logging in'}`,
        'oneTimeTokens.take: done, then logging in',
        'events.append: done, then logging in',
      ])
    },
  )

  it.each(moments)('S021 the same, with a username that waits (%s)', async (moment) => {
    const lines = await crashEverywhere(moment, activationWithUsername)
    expect(lines).toEqual([
      'oneTimeTokens.find: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      `users.update: unavailable, then ${moment === 'before' ? 'the same proof' : 'logging in'}`,
      'users.find: unavailable, then logging in',
      'users.update: unavailable, then logging in',
      'users.find: unavailable, then logging in',
      'users.update: unavailable, then logging in',
      'oneTimeTokens.take: done, then logging in',
      'events.append: done, then logging in',
    ])
  })
})

describe('S103 a store that fails while the activation message is asked for again', () => {
  const resend: CrashCase<Proof> = {
    ...activation('link'),
    flow: ({ auth }) => auth.resendActivation({ identifier: ADA }),
    async goOn(setup, before) {
      const newer = await proofOf(setup, 'link')
      if (newer.token !== before.token) return `${await goOnFrom(setup, newer)} of the new message`
      return goOnFrom(setup, before)
    },
  }

  it('before the verb: the message before stays in force', async () => {
    expect(await crashEverywhere('before', resend)).toEqual([
      'users.findByIdentifier: unavailable, then the same proof',
      'users.find: done, then the same proof',
      'users.update: done, then the same proof',
      'oneTimeTokens.list: done, then the same proof',
      'oneTimeTokens.put: done, then the same proof',
    ])
  })

  it('after the verb: asking again goes on', async () => {
    expect(await crashEverywhere('after', resend)).toEqual([
      'users.findByIdentifier: unavailable, then the same proof',
      'users.find: done, then the same proof',
      'users.update: done, then the same proof',
      'oneTimeTokens.list: done, then the same proof',
      'oneTimeTokens.put: done, then another message',
    ])
  })
})
