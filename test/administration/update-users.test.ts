import type { JsonObject } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { eventsOf, memberOf, office, sentTo, userOf } from '../support/administration.ts'
import { EVE, invite, tokenFor } from '../support/invitations.ts'
import { outcome, recordOf } from '../support/onboarding.ts'
import { requestReset } from '../support/recovery.ts'
import { PASSWORD, setUp, tokenIn } from '../support/setup.ts'

const optional = { identifiers: ['email', 'username'], optionalIdentifiers: ['username'] } as const

describe('changing an account', () => {
  it('S083 gives it another address that counts as unproved, and tells the one before', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    const account = await auth.updateUser(sam.principal, ada.id, { email: 'Ada@Example.org' })
    expect(account).toMatchObject({ email: 'Ada@Example.org', emailVerified: false })
    expect(await sentTo(setup, 'ada@example.com')).toEqual(['email_changed'])
    expect(await sentTo(setup, 'Ada@example.org')).toEqual([])
    expect(JSON.stringify(setup.outbox.messages)).not.toContain('example.org')
    const login = (identifier: string) => outcome(auth.login({ identifier, password: PASSWORD }))
    expect(await login('ada@example.com')).toBe('invalid_credentials')
    expect(await login('ada@example.org')).toBe('ok')
  })

  it('S083 makes void what was sent to the address before, and ends every session', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    const { token } = await requestReset(setup, ada.email)
    await auth.updateUser(sam.principal, ada.id, { email: 'ada@example.org' })
    const reset = auth.resetPassword({ token, newPassword: 'another fine password' })
    expect(await outcome(reset)).toBe('invalid_one_time_token')
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('invalid_token')
    const refresh = auth.refresh({ refreshToken: ada.refreshToken })
    expect(await outcome(refresh)).toBe('invalid_token')
  })

  it('S083 makes void the link that would undo an earlier change of the address', async () => {
    const { setup, sam, ada } = await office()
    const { auth, outbox, store } = setup
    const { version } = await userOf(setup, ada.id)
    await store.users.update(ada.id, version, { emailVerifiedAt: setup.clock.now() })
    await auth.changeEmail(ada.principal, { email: 'ada@example.net', currentPassword: PASSWORD })
    const { link } = await outbox.next('change_email', 'ada@example.net')
    await auth.confirmEmail(ada.principal, { token: tokenIn(link) })
    const undo = tokenIn((await outbox.next('email_changed', ada.email)).link)
    await auth.updateUser(sam.principal, ada.id, { email: 'ada@example.org' })
    await auth.close()
    expect(await outcome(auth.undoEmailChange({ token: undo }))).toBe('invalid_one_time_token')
  })

  it('leaves alone what is sent to the new address right behind it', async () => {
    const setup = setUp()
    const { invited } = await invite(setup)
    await setup.auth.updateUser('system', invited.id, { email: 'eve@example.org' })
    await setup.auth.resendInvitation('system', invited.id)
    const token = await tokenFor(setup, 'eve@example.org')
    await setup.auth.close()
    expect(await outcome(setup.auth.acceptInvitation({ token, password: PASSWORD }))).toBe('ok')
  })

  it('keeps proof and sessions where only the spelling is another', async () => {
    const { setup, sam, ada } = await office()
    const { auth, store } = setup
    const { version } = await userOf(setup, ada.id)
    await store.users.update(ada.id, version, { emailVerifiedAt: setup.clock.now() })
    const account = await auth.updateUser(sam.principal, ada.id, { email: 'ADA@example.com' })
    expect(account).toMatchObject({ email: 'ADA@example.com', emailVerified: true })
    await auth.authenticate(ada.accessToken)
    expect(await sentTo(setup, 'ADA@example.com')).toEqual([])
  })

  it('S036 tells the owner of another name, and the phone before of another phone', async () => {
    const setup = setUp({ identifiers: ['email', 'username', 'phone'] })
    const { auth } = setup
    const phone = '+4930901820'
    const { id } = await auth.createUser({
      email: 'ada@example.com',
      username: 'ada',
      phone,
      password: PASSWORD,
    })
    await auth.updateUser('system', id, { username: 'Countess', phone: '+44 20 7946 0958' })
    const user = await userOf(setup, id)
    expect(user).toMatchObject({
      username: 'countess',
      usernameAsTyped: 'Countess',
      phone: '+442079460958',
      phoneVerifiedAt: null,
    })
    expect(await sentTo(setup, 'ada@example.com')).toEqual(['username_changed'])
    expect(await sentTo(setup, phone)).toEqual(['phone_changed'])
    expect(await eventsOf(setup, 'user.updated')).toMatchObject([
      { userId: id, actorId: null, fields: ['phone', 'username'] },
    ])
    expect(await eventsOf(setup, 'username.changed')).toMatchObject([{ userId: id, actorId: null }])
    expect(await eventsOf(setup, 'phone.changed')).toMatchObject([{ userId: id, actorId: null }])
    expect(await eventsOf(setup, 'email.changed')).toEqual([])
  })

  it('is refused where the identifier has an owner, and changes nothing then', async () => {
    const { setup, sam, ada } = await office(optional)
    const { auth } = setup
    await auth.createUser({ email: 'bob@example.com', username: 'bob', password: PASSWORD })
    const before = await userOf(setup, ada.id)
    const ask = (input: object) => outcome(auth.updateUser(sam.principal, ada.id, input))
    expect(await ask({ email: 'BOB@example.com' })).toBe('email_taken')
    expect(await ask({ email: 'new@example.com', username: 'BOB' })).toBe('username_taken')
    expect(await ask({ email: 'no address' })).toBe('invalid_input')
    expect(await ask({ phone: '+4930901820' })).toBe('invalid_input')
    expect(await ask({ profile: {} })).toBe('invalid_input')
    expect(await userOf(setup, ada.id)).toEqual(before)
  })

  it('S011 takes nothing else', async () => {
    const { setup, root, ada } = await office()
    const more = [
      'id',
      'roles',
      'status',
      'password',
      'passwordHash',
      'emailVerified',
      'credentialEpoch',
      'version',
      'leavingAdmin',
      'email.x',
    ]
    for (const name of more) {
      const asked = setup.auth.updateUser(root.principal, ada.id, { [name]: 'x' })
      expect([name, await outcome(asked)]).toEqual([name, 'invalid_input'])
    }
  })

  it('S093 wants a fresh login for another address, and none for the rest', async () => {
    const { setup, sam, ada } = await office(optional)
    setup.clock.advance(15 * 60 + 1)
    const ask = (input: object) => outcome(setup.auth.updateUser(sam.principal, ada.id, input))
    expect(await ask({ email: 'ada@example.org' })).toBe('reauth_required')
    expect(await ask({ username: 'ada' })).toBe('ok')
  })

  it('changes members of the profile that the owner may not, and leaves the others', async () => {
    const schema = z.strictObject({ name: z.string(), level: z.number().optional() })
    const setup = setUp({
      profile: schema as z.ZodType<JsonObject>,
      profileRules: { level: { read: 'administrator', write: 'administrator' } },
    })
    const { auth } = setup
    const { id } = await auth.createUser({
      email: 'ada@example.com',
      password: PASSWORD,
      profile: { name: 'Ada' },
    })
    const account = await auth.updateUser('system', id, { profile: { level: 7 } })
    expect(account.profile).toEqual({ name: 'Ada', level: 7 })
    const ada = await memberOf(setup, 'ada@example.com')
    expect((await auth.loadUser(ada.principal)).profile).toEqual({ name: 'Ada' })
    const wrong = auth.updateUser('system', id, { profile: { name: null } })
    expect(await outcome(wrong)).toBe('invalid_input')
  })

  it('S021 holds against the schema, which speaks for who registers', async () => {
    const schema = z.object({ name: z.string().optional(), level: z.number().default(0) })
    const setup = setUp({
      profile: schema as z.ZodType<JsonObject>,
      profileRules: { level: { write: 'administrator' } },
    })
    const { auth, outbox } = setup
    await auth.register({ email: EVE, password: PASSWORD, profile: { name: 'Eve' } })
    const { link } = await outbox.next('activate', EVE)
    const { id } = await recordOf(setup, EVE)
    await auth.updateUser('system', id, { profile: { name: 'Nobody', level: 7 } })
    const { profile } = await auth.activate({ token: tokenIn(link) })
    expect(profile).toEqual({ name: 'Eve', level: 7 })
  })
})
