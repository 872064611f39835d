import type { JsonObject } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { memberOf, office, sentTo, userOf } from '../support/administration.ts'
import { EVE, invite, tokenFor } from '../support/invitations.ts'
import { outcome, recordOf } from '../support/onboarding.ts'
import { PASSWORD, setUp, tokenIn } from '../support/setup.ts'

describe('who is invited', () => {
  it('may not have an account: that is told, for administrators may know', async () => {
    const { setup, sam } = await office({
      identifiers: ['email', 'username'] as const,
      optionalIdentifiers: ['username'],
    })
    await setup.auth.createUser({ email: 'bob@example.com', username: 'bob', password: PASSWORD })
    const ask = (input: object) => outcome(setup.auth.inviteUser(sam.principal, input))
    expect(await ask({ email: 'BOB@example.com' })).toBe('email_taken')
    expect(await ask({ email: EVE, username: 'Bob' })).toBe('username_taken')
    await setup.auth.register({ email: 'waiting@example.com', password: PASSWORD })
    expect(await ask({ email: 'waiting@example.com' })).toBe('email_taken')
  })

  it('needs an address to which the invitation goes', async () => {
    const { auth } = setUp({ identifiers: ['email', 'username'] })
    const ask = (input: object) => outcome(auth.inviteUser('system', input))
    expect(await ask({})).toBe('invalid_input')
    expect(await ask({ username: 'eve' })).toBe('invalid_input')
    expect(await ask({ email: 'not an address' })).toBe('invalid_input')
    expect(await ask({ phone: '+4930901820' })).toBe('invalid_input')
  })

  it('gets it by a text message where they have a phone alone', async () => {
    const { setup, root } = await office({
      identifiers: ['email', 'phone'] as const,
      optionalIdentifiers: ['phone'],
      sms: (message) => setup.outbox.send(message),
    })
    const { auth, outbox } = setup
    const phone = '+4930901820'
    const { id } = await auth.inviteUser(root.principal, { phone })
    const { channel, link } = await outbox.next('invitation', phone)
    expect(channel).toBe('sms')
    await auth.acceptInvitation({ token: tokenIn(link), password: PASSWORD })
    const { phoneVerifiedAt, emailVerifiedAt } = await userOf(setup, id)
    expect([phoneVerifiedAt === null, emailVerifiedAt]).toEqual([false, null])
  })

  it('chooses the name that nobody has chosen for them, or another', async () => {
    const setup = setUp({ identifiers: ['email', 'username'], optionalIdentifiers: ['username'] })
    await setup.auth.createUser({ email: 'bob@example.com', username: 'bob', password: PASSWORD })
    const { token } = await invite(setup, { email: EVE, username: 'Eve' })
    const accept = (username?: string) =>
      setup.auth.acceptInvitation({ token, password: PASSWORD, username })
    expect(await outcome(accept('BOB'))).toBe('username_taken')
    expect((await accept()).username).toBe('Eve')
    const other = await invite(setup, { email: 'mia@example.com', username: 'mia' })
    const chosen = await setup.auth.acceptInvitation({
      token: other.token,
      password: PASSWORD,
      username: 'mimi',
    })
    expect(chosen.username).toBe('mimi')
  })
})

describe('a stranger who registered the address before it is invited', () => {
  it('S021 S091 loses the link with their password to the invitation', async () => {
    const { setup } = await office()
    const { auth, outbox } = setup
    await auth.register({ email: EVE, password: 'of a stranger' })
    const token = tokenIn((await outbox.next('activate', EVE)).link)
    const { id } = await recordOf(setup, EVE)
    await auth.setRoles('system', id, { roles: ['admin'] })
    await auth.resendInvitation('system', id)
    const invitation = await tokenFor(setup, EVE)
    expect(await outcome(auth.activate({ token }))).toBe('invalid_one_time_token')
    await auth.resendActivation({ identifier: EVE })
    await outbox.next('reset_password', EVE)
    await auth.acceptInvitation({ token: invitation, password: PASSWORD })
    expect((await memberOf(setup, EVE)).principal.user.roles).toEqual(['admin'])
  })
})

describe('the roles of an invitation', () => {
  it('S090 want the permission, the rank and a fresh login', async () => {
    const { setup, max, sam } = await office()
    const { auth, clock } = setup
    const ask = (by: typeof sam, roles: string[], email = EVE) =>
      outcome(auth.inviteUser(by.principal, { email, roles }))
    expect(await ask(sam, ['user'])).toBe('forbidden')
    expect(await ask(max, ['admin'])).toBe('forbidden')
    expect(await ask(max, ['emperor'])).toBe('invalid_input')
    clock.advance(15 * 60 + 1)
    expect(await ask(max, ['staff'])).toBe('reauth_required')
    expect(await outcome(auth.inviteUser(sam.principal, { email: EVE }))).toBe('ok')
    const fresh = await memberOf(setup, max.email)
    expect(await ask(fresh, ['staff', 'manager', 'staff'], 'new@example.com')).toBe('ok')
    const { roles } = await recordOf(setup, 'new@example.com')
    expect(roles).toEqual(['staff', 'manager'])
  })

  it('are those of the account from the first login on', async () => {
    const { setup } = await office()
    const { token } = await invite(setup, { email: EVE, roles: ['admin'] })
    await setup.auth.acceptInvitation({ token, password: PASSWORD })
    const eve = await memberOf(setup, EVE)
    expect(eve.principal.user.roles).toEqual(['admin'])
    expect((await setup.auth.listUsers(eve.principal)).users).toHaveLength(5)
  })
})

describe('a stranger who registers the address of an invitation', () => {
  it('S021 gets no link sent that opens it with their password: the invitation is sent again', async () => {
    const { setup } = await office()
    const { invited, token: before } = await invite(setup, { email: EVE, roles: ['admin'] })
    await setup.auth.register({ email: EVE, password: 'of a stranger' })
    const token = await tokenFor(setup, EVE)
    expect(await sentTo(setup, EVE)).toEqual(['invitation', 'invitation'])
    const accept = (link: string) =>
      outcome(setup.auth.acceptInvitation({ token: link, password: PASSWORD }))
    expect(await accept(before)).toBe('invalid_one_time_token')
    expect(await accept(token)).toBe('ok')
    expect((await memberOf(setup, EVE)).id).toBe(invited.id)
    const stranger = setup.auth.login({ identifier: EVE, password: 'of a stranger' })
    expect(await outcome(stranger)).toBe('account_not_activated')
  })
})

const schema = z.strictObject({ displayName: z.string().min(1), desk: z.string().optional() })
const withProfile = {
  profile: schema as z.ZodType<JsonObject>,
  profileRules: { desk: { write: 'administrator' } },
} as const

describe('the profile of an invitation', () => {
  it('is refused where accounts have none, or others', async () => {
    const input = { email: EVE, profile: { a: 1 } }
    expect(await outcome(setUp().auth.inviteUser('system', input))).toBe('invalid_input')
    expect(await outcome(setUp(withProfile).auth.inviteUser('system', input))).toBe('invalid_input')
  })

  it('is what the administrator gives, and what the owner adds', async () => {
    const { store, auth, outbox } = setUp(withProfile)
    const given = { displayName: 'Eve', desk: '7b' }
    const { id } = await auth.inviteUser('system', { email: EVE, profile: given })
    const token = tokenIn((await outbox.next('invitation', EVE)).link)
    const accept = (input: object) => auth.acceptInvitation({ token, password: PASSWORD, ...input })
    expect(await outcome(accept({ profile: { desk: '1a' } }))).toBe('invalid_input')
    await accept({ profile: { displayName: 'Evelyn' } })
    expect((await store.users.find(id))?.profile).toEqual({ displayName: 'Evelyn', desk: '7b' })
  })

  it('is for its owner to give where nobody has', async () => {
    const { auth, outbox } = setUp(withProfile)
    await auth.inviteUser('system', { email: EVE })
    const token = tokenIn((await outbox.next('invitation', EVE)).link)
    const accept = (input: object) => auth.acceptInvitation({ token, password: PASSWORD, ...input })
    expect(await outcome(accept({}))).toBe('invalid_input')
    const { profile } = await accept({ profile: { displayName: 'Eve' } })
    expect(profile).toEqual({ displayName: 'Eve' })
  })
})
