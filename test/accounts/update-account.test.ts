import type { AuthOptions } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  ADA,
  interruptedStore,
  ownerOf,
  principalOf,
  whoLogsIn,
} from '../support/account-changes.ts'
import { change, outcome, recordOf } from '../support/onboarding.ts'
import { NEW_PASSWORD } from '../support/recovery.ts'
import { PASSWORD, type Setup, setUp } from '../support/setup.ts'

const EVE = { email: 'eve@example.com', username: 'Eve_L', password: PASSWORD }

const withProfiles = {
  identifiers: ['email', 'username'],
  optionalIdentifiers: ['username'],
  profile: z.object({
    displayName: z.string().max(20).optional(),
    city: z.string().optional(),
    plan: z.enum(['free', 'paid']).default('free'),
    notes: z.string().optional(),
  }),
  profileRules: {
    plan: { write: 'administrator' },
    notes: { read: 'administrator', write: 'administrator' },
  },
} as Partial<AuthOptions>

async function prepared(options: Partial<AuthOptions> = {}) {
  const setup = setUp({ ...withProfiles, ...options })
  await setup.auth.createUser(EVE)
  return { setup, ...(await ownerOf(setup)) }
}

async function eventsSince({ auth, events }: Setup, count: number) {
  await auth.close()
  return events.slice(count)
}

describe('a profile', () => {
  it('is changed member by member, without a password', async () => {
    const { setup, principal } = await prepared()
    const { auth } = setup
    await auth.updateAccount(principal, { profile: { displayName: 'Ada', city: 'London' } })
    const user = await auth.updateAccount(principal, { profile: { city: 'Turin' } })
    expect(user.profile).toEqual({ displayName: 'Ada', city: 'Turin', plan: 'free' })
    const without = await auth.updateAccount(principal, { profile: { city: null } })
    expect(without.profile).toEqual({ displayName: 'Ada', plan: 'free' })
    expect(await auth.loadUser(principal)).toEqual(without)
  })

  it('S115 tells which members changed, and not to what', async () => {
    const { setup, principal } = await prepared()
    await setup.auth.close()
    const before = setup.events.length
    await setup.auth.updateAccount(principal, { profile: { displayName: 'Ada', city: 'London' } })
    await setup.auth.updateAccount(principal, { profile: { displayName: 'Ada', city: 'Turin' } })
    await setup.auth.updateAccount(principal, { profile: { displayName: 'Ada' } })
    const told = await eventsSince(setup, before)
    expect(told.map((event) => 'fields' in event && [...event.fields].sort())).toEqual([
      ['city', 'displayName'],
      ['city'],
    ])
    expect(JSON.stringify(told)).not.toMatch(/Ada|London|Turin/)
  })

  it("S011 is the owner's to change only where a rule does not say otherwise", async () => {
    const { setup, principal } = await prepared()
    const record = await recordOf(setup, ADA)
    await change(setup, ADA, { profile: { plan: 'free', notes: 'secret' } })
    for (const profile of [{ plan: 'paid' }, { notes: 'mine' }, { plan: null }] as const) {
      const call = setup.auth.updateAccount(principal, { profile })
      await expect(call).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: `/profile/${Object.keys(profile)}`, code: 'unknown_member' }],
      })
    }
    const user = await setup.auth.updateAccount(principal, { profile: { city: 'Turin' } })
    expect(user.profile).toEqual({ city: 'Turin', plan: 'free' })
    const { profile, roles } = await recordOf(setup, ADA)
    expect(profile).toEqual({ city: 'Turin', plan: 'free', notes: 'secret' })
    expect(roles).toEqual(record.roles)
  })

  it('is refused as the schema of the application wants it', async () => {
    const { setup, principal } = await prepared()
    const call = setup.auth.updateAccount(principal, { profile: { displayName: 'a'.repeat(21) } })
    await expect(call).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/profile/displayName', code: 'invalid' }],
    })
  })

  it('is no member where accounts have none', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const call = setup.auth.updateAccount(principal, { profile: { city: 'Turin' } })
    await expect(call).rejects.toMatchObject({ errors: [{ pointer: '/profile' }] })
  })

  it('loses nothing when two of its members change at once', async () => {
    const { setup, principal } = await prepared()
    const { auth } = setup
    await Promise.all([
      auth.updateAccount(principal, { profile: { displayName: 'Ada' } }),
      auth.updateAccount(principal, { profile: { city: 'Turin' } }),
    ])
    const { profile } = await auth.loadUser(principal)
    expect(profile).toEqual({ displayName: 'Ada', city: 'Turin', plan: 'free' })
  })

  it('S115 names who changed it in the name of its owner', async () => {
    const { setup, user, principal } = await prepared()
    const actor = { id: '0190a5f2-0000-7000-8000-000000000000' }
    await setup.auth.updateAccount({ ...principal, actor }, { profile: { city: 'Turin' } })
    await setup.auth.close()
    const told = setup.events.find(({ type }) => type === 'profile.changed')
    expect(told).toMatchObject({ userId: user.id, actorId: actor.id })
  })
})

describe('a username', () => {
  const named = (username: string) => ({ username, currentPassword: PASSWORD })

  it('S082 S036 is changed by who knows the password, and the owner is told', async () => {
    const { setup, user, principal } = await prepared()
    const changed = await setup.auth.updateAccount(principal, named('Lovelace'))
    expect(changed).toEqual({ ...user, username: 'Lovelace' })
    expect(await whoLogsIn(setup, ['lovelace', 'LOVELACE', ADA])).toHaveLength(3)
    const notice = await setup.outbox.next('username_changed', ADA)
    expect([notice.link, notice.code]).toEqual([undefined, undefined])
    await setup.auth.updateAccount(principal, named('countess'))
    expect(await whoLogsIn(setup, ['lovelace', 'countess'])).toEqual(['countess'])
    await setup.auth.close()
    expect(setup.events.filter(({ type }) => type === 'username.changed')).toHaveLength(2)
  })

  it("S082 S093 is nobody's to change who found a token", async () => {
    const { setup, principal } = await prepared()
    for (const currentPassword of [undefined, 'wrong']) {
      const call = setup.auth.updateAccount(principal, { username: 'lovelace', currentPassword })
      expect(await outcome(call)).toBe('wrong_password')
    }
    await setup.auth.close()
    expect(setup.events.at(-1)).toMatchObject({ purpose: 'change_username' })
    await change(setup, ADA, { passwordHash: null })
    setup.clock.advance(15 * 60 + 1)
    const late = setup.auth.updateAccount(principal, { username: 'lovelace' })
    expect(await outcome(late)).toBe('reauth_required')
  })

  it('needs no password when it is the one that the account has', async () => {
    const { setup, principal } = await prepared()
    await setup.auth.updateAccount(principal, named('Lovelace'))
    const form = { username: 'Lovelace', profile: { city: 'Turin' } }
    const user = await setup.auth.updateAccount(principal, form)
    expect(user).toMatchObject({ username: 'Lovelace', profile: { city: 'Turin' } })
    const otherwise = setup.auth.updateAccount(principal, { username: 'LoveLace' })
    expect(await outcome(otherwise)).toBe('wrong_password')
  })

  it('S016 belongs to one, and what goes with it is not written either', async () => {
    const { setup, user, principal } = await prepared()
    const input = { ...named('EVE_l'), profile: { city: 'Turin' } }
    await expect(setup.auth.updateAccount(principal, input)).rejects.toMatchObject({
      code: 'username_taken',
      errors: [{ pointer: '/username', code: 'taken' }],
    })
    expect(await setup.auth.loadUser(principal)).toEqual(user)
  })

  it('S017 is none that is reserved, or looks like something else', async () => {
    const { setup, principal } = await prepared()
    for (const username of ['admin', 'Root', '4155552671', ADA, 'a', 'аda', '']) {
      const call = setup.auth.updateAccount(principal, named(username))
      await expect(call).rejects.toMatchObject({ errors: [{ pointer: '/username' }] })
    }
  })

  it('is no member where accounts have none', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    await expect(setup.auth.updateAccount(principal, named('lovelace'))).rejects.toMatchObject({
      errors: [{ pointer: '/username', code: 'not_accepted' }],
    })
  })

  it('S080 stays when the password changes while it is judged', async () => {
    const { store, beforeNextWrite } = interruptedStore()
    const { setup, principal } = await prepared({ store })
    const other = await principalOf(setup)
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    beforeNextWrite(() => setup.auth.changePassword(other, input))
    const call = setup.auth.updateAccount(principal, named('lovelace'))
    expect(await outcome(call)).toBe('invalid_token')
    expect(await recordOf(setup, ADA)).toMatchObject({ username: null })
  })
})

describe('the own account', () => {
  it('S011 has no other member to change', async () => {
    const { setup, user, principal } = await prepared()
    const foreign = {
      roles: ['admin'],
      role: 'admin',
      isAdmin: true,
      email: 'eve@example.com',
      emailVerified: false,
      phone: '+14155552671',
      id: '0190a5f2-0000-7000-8000-000000000000',
      passwordHash: 'x',
      status: 'disabled',
      createdAt: '1970-01-01T00:00:00Z',
      credentialEpoch: 9,
      __proto__: null,
    }
    for (const [name, value] of Object.entries(foreign)) {
      const input = { [name]: value, currentPassword: PASSWORD }
      await expect(setup.auth.updateAccount(principal, input as object)).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: `/${name}`, code: 'unknown_member' }],
      })
    }
    expect(await setup.auth.loadUser(principal)).toEqual(user)
  })

  it('stays as it is when nothing is given', async () => {
    const { setup, user, principal } = await prepared()
    const { version } = await recordOf(setup, ADA)
    expect(await setup.auth.updateAccount(principal, {})).toEqual(user)
    expect(await recordOf(setup, ADA)).toMatchObject({ version })
  })
})
