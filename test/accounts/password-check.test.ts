import { weakPasswords } from '@latchkey/core/testing'
import { describe, expect, it } from 'vitest'
import { commonPasswords } from '../../packages/core/src/common-passwords.ts'
import { outcome } from '../support/onboarding.ts'
import { rangeServer } from '../support/range-server.ts'
import { setUp } from '../support/setup.ts'

const ADA = { email: 'ada.lovelace@example.com', username: 'countess', phone: '+49 1512 3456789' }
const options = {
  identifiers: ['email', 'username', 'phone'],
  activation: 'none',
  passwords: { ...weakPasswords, blocked: ['analytical engine'] },
} as const

describe('asking whether a password would do', () => {
  it.each([
    'a fine password',
    'short',
    'password123',
    'analytical engine',
    'app.example',
    'ada.lovelace',
    'Countess',
    '015123456789',
    '4915123456789',
    '',
    'x'.repeat(257),
    'with a tab\there',
    '\ud800 alone',
  ])('S006 says of %j what registering says', async (password) => {
    const { auth } = setUp(options)
    const verdict = await auth.passwords.check(password, ADA)
    const refusal = await auth.register({ ...ADA, password }).then(
      () => null,
      (error) => error.errors[0],
    )
    const expected =
      refusal === null ? { ok: true } : { ok: false, code: refusal.code, detail: refusal.detail }
    expect(verdict).toEqual(expected)
  })

  it('S006 refuses each of the bundled common passwords, in upper case as well', async () => {
    const { auth } = setUp()
    const all = [...commonPasswords()].filter((_, index) => index % 5 === 0)
    const verdicts = await Promise.all(
      all.map((password, index) =>
        auth.passwords.check(index % 2 === 0 ? password : password.toUpperCase()),
      ),
    )
    expect(all.length).toBeGreaterThan(3000)
    expect(new Set(verdicts.map((verdict) => (verdict.ok ? 'ok' : verdict.code)))).toEqual(
      new Set(['password_blocked']),
    )
  })

  it('needs to know nothing of the owner, and nothing finished', async () => {
    const { auth } = setUp(options)
    expect(await auth.passwords.check('a fine password')).toEqual({ ok: true })
    const halfTyped = { email: 'ada.love', username: 'a', phone: '+' }
    expect(await auth.passwords.check('a fine password', halfTyped)).toEqual({ ok: true })
    expect(await auth.passwords.check('Ada.Love', halfTyped)).toMatchObject({
      ok: false,
      code: 'password_blocked',
    })
  })

  it('S006 takes the texts of a profile for names', async () => {
    const { auth } = setUp(options)
    const profile = { displayName: 'Ada Lovelace', age: 36 }
    expect(await auth.passwords.check('ada lovelace', { profile })).toMatchObject({ ok: false })
  })

  it.each([undefined, null, 12345678, ['a fine password']])(
    'S025 refuses %j, and does not throw',
    async (password) => {
      const { auth } = setUp(options)
      expect(await auth.passwords.check(password as unknown as string)).toMatchObject({ ok: false })
    },
  )

  it('refuses an owner of the wrong shape by its promise', async () => {
    const { auth } = setUp(options)
    const call = auth.passwords.check('a fine password', { mail: 'ada@example.com' } as never)
    expect(await outcome(call)).toBe('invalid_input')
  })

  it('S006 looks it up among breached ones too, and rejects only where nobody can tell', async () => {
    const ranges = await rangeServer({ 'grandmas garden gate': 2 })
    const breachCheck = { url: ranges.url, onFailure: 'refuse' } as const
    const { auth } = setUp({ passwords: { ...weakPasswords, breachCheck } })
    expect(await auth.passwords.check('grandmas garden gate')).toMatchObject({
      ok: false,
      code: 'password_breached',
    })
    ranges.answer((request) => request.socket.destroy())
    expect(await outcome(auth.passwords.check('grandmas garden gate'))).toBe('unavailable')
  })

  it('stores nothing and tells nobody', async () => {
    const { auth, store, events, outbox } = setUp(options)
    await auth.passwords.check('a fine password', ADA)
    await auth.passwords.check('password123', ADA)
    const email = { kind: 'email', value: ADA.email } as const
    expect(await store.users.findByIdentifier(email)).toBeNull()
    expect([...events, ...outbox.messages]).toEqual([])
  })
})
