import { describe, expect, it } from 'vitest'
import { enlist, office } from '../support/administration.ts'
import { changeUser } from '../support/changes.ts'
import { outcome } from '../support/onboarding.ts'
import { setUp } from '../support/setup.ts'

describe('S094 what is asked of the list', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['sort', 'password;--'],
    ['sort', 'passwordHash'],
    ['sort', ''],
    ['order', 'asc; drop table users'],
    ['status', 'deleted'],
    ['status', ''],
    ['role', "x' or '1'='1"],
    ['role', ''],
    ['search', ''],
    ['search', '   '],
    ['search', 'a\0b'],
    ['search', '\ud800'],
    ['search', 'a'.repeat(321)],
    ['search', { $ne: null }],
    ['search', ['a']],
    ['createdFrom', 'yesterday'],
    ['createdFrom', '2030-13-01'],
    ['createdFrom', '1'],
    ['createdFrom', 1],
    ['createdFrom', new Date(Number.NaN)],
    ['createdBefore', '99999-01-01T00:00:00Z'],
    ['createdBefore', new Date(8.64e15)],
    ['passwordHash', 'x'],
    ['__proto__', 'x'],
  ]

  it.each(wrong)('refuses %s: %j', async (name, value) => {
    const { auth } = setUp()
    const input = Object.fromEntries([[name, value]])
    expect(await outcome(auth.listUsers('system', input))).toBe('invalid_input')
  })
})

describe('reading one account', () => {
  it('shows what the owner may not see', async () => {
    const { setup, root, ada } = await office()
    await changeUser(setup, ada.id, () => ({ profile: { note: 'late payer' } }))
    const account = await setup.auth.readUser(root.principal, ada.id)
    expect(account.profile).toEqual({ note: 'late payer' })
  })

  it('S087 answers for every id that is nobody’s as for none', async () => {
    const { setup, root, ada } = await office()
    const gone = await enlist(setup, 'gone', ['user'])
    await setup.auth.deleteUser(root.principal, gone.id)
    const ids = [
      gone.id,
      ada.id.toUpperCase(),
      'me',
      '0',
      '',
      '__proto__',
      'constructor',
      [ada.id],
      null,
      {},
    ]
    for (const id of ids) {
      const asked = setup.auth.readUser(root.principal, id as string)
      expect([id, await outcome(asked)]).toEqual([id, 'not_found'])
    }
  })
})
