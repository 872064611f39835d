import { describe, expect, it } from 'vitest'
import {
  ADA,
  askForEmail,
  changeEmailTo,
  interruptedStore,
  NEW,
  ownerOf,
  principalOf,
  whoLogsIn,
} from '../support/account-changes.ts'
import { change, outcome, recordOf, register } from '../support/onboarding.ts'
import { NEW_PASSWORD, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'

const DAY = 24 * 60 * 60
const proof = { currentPassword: PASSWORD }

/** The record, deleted or not. */
async function remains({ store }: Setup, id: string) {
  return store.users.find(id)
}

async function isOver({ auth }: Setup, session: { accessToken: string; refreshToken: string }) {
  const { accessToken, refreshToken } = session
  const calls = [auth.authenticate(accessToken), auth.refresh({ refreshToken })]
  return Promise.all(calls.map(outcome))
}

describe('an account that its owner deletes', () => {
  it('S092 is gone at once, with every session and everything that it held', async () => {
    const setup = setUp()
    const { user, session, principal } = await ownerOf(setup)
    const other = await setup.auth.login({ identifier: ADA, password: PASSWORD })
    expect(await setup.auth.deleteAccount(principal, proof)).toEqual({ deleteAfter: null })
    for (const one of [session, other]) {
      expect(await isOver(setup, one)).toEqual(['invalid_token', 'invalid_token'])
    }
    expect(await whoLogsIn(setup, [ADA])).toEqual([])
    await setup.auth.close()
    expect(await remains(setup, user.id)).toMatchObject({
      status: 'deleted',
      email: null,
      emailAsTyped: null,
      emailVerifiedAt: null,
      username: null,
      phone: null,
      passwordHash: null,
      roles: [],
      profile: {},
      credentialEpoch: 2,
    })
  })

  it('S036 S115 is told to the address that it had, and to the log', async () => {
    const setup = setUp()
    const { user, principal } = await ownerOf(setup)
    await setup.auth.deleteAccount(principal, proof, { ip: '192.0.2.1' })
    const notice = await setup.outbox.next('account_deleted', ADA)
    expect([notice.link, notice.code]).toEqual([undefined, undefined])
    await setup.auth.close()
    const told = setup.events.find(({ type }) => type === 'user.deleted')
    expect(told).toMatchObject({ userId: user.id, reason: 'by_owner', client: { ip: '192.0.2.1' } })
    expect(JSON.stringify(told)).not.toContain(ADA)
    const found = await setup.store.sessions.find(principal.session.id)
    expect(found?.session.revokedReason).toBe('deleted')
  })

  it('S092 leaves its address free, and nothing from before works for who takes it', async () => {
    const setup = setUp()
    const { session, principal } = await ownerOf(setup)
    const asked = await askForEmail(setup, principal)
    const reset = await requestReset(setup, ADA)
    await setup.auth.deleteAccount(principal, proof)
    const next = await accountOf(setup)
    expect(next.user.id).not.toBe(principal.user.id)
    expect(await isOver(setup, session)).toEqual(['invalid_token', 'invalid_token'])
    const nextPrincipal = await principalOf(setup)
    const calls = [
      setup.auth.resetPassword({ token: reset.token, newPassword: NEW_PASSWORD }),
      setup.auth.resetPassword({ identifier: ADA, code: reset.code, newPassword: NEW_PASSWORD }),
      setup.auth.confirmEmail(nextPrincipal, { token: asked.token }),
      setup.auth.confirmEmail(nextPrincipal, { code: asked.code }),
    ]
    expect(await Promise.all(calls.map(outcome))).toEqual(calls.map(() => 'invalid_one_time_token'))
  })

  it('keeps no address in a token either', async () => {
    const setup = setUp()
    const { user, principal } = await ownerOf(setup)
    await changeEmailTo(setup, principal, NEW)
    await askForEmail(setup, principal, 'ada@example.net')
    await requestReset(setup, NEW)
    await setup.auth.deleteAccount(principal, proof)
    await setup.auth.close()
    const { oneTimeTokens } = setup.store
    for (const purpose of ['change_email', 'undo_email_change', 'reset_password'] as const) {
      expect(await oneTimeTokens.list(user.id, purpose, setup.clock.now(), 9)).toEqual([])
    }
  })

  it('S082 S093 wants the password, or a fresh login from who has none', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    for (const currentPassword of [undefined, 'wrong']) {
      const call = setup.auth.deleteAccount(principal, { currentPassword })
      expect(await outcome(call)).toBe('wrong_password')
    }
    await setup.auth.close()
    expect(setup.events.at(-1)).toMatchObject({ purpose: 'delete_account' })
    await change(setup, ADA, { passwordHash: null })
    setup.clock.advance(15 * 60 + 1)
    expect(await outcome(setup.auth.deleteAccount(principal, {}))).toBe('reauth_required')
    expect(await recordOf(setup, ADA)).toMatchObject({ status: 'active' })
  })

  it('S090 is not that of the last administrator', async () => {
    for (const deletionGrace of [0, DAY]) {
      const setup = setUp({ deletionGrace })
      const roles = ['admin']
      await setup.auth.createUser({ email: ADA, password: PASSWORD, roles })
      const principal = await principalOf(setup)
      const call = () => outcome(setup.auth.deleteAccount(principal, proof))
      expect(await call()).toBe('last_administrator')
      await setup.auth.createUser({ email: 'eve@example.com', password: PASSWORD, roles })
      expect(await call()).toBe('ok')
      // Who is about to go does not count for who stays.
      const eve = await principalOf(setup, 'eve@example.com')
      expect(await outcome(setup.auth.deleteAccount(eve, proof))).toBe('last_administrator')
    }
  })

  it('S080 stays when the password changes while it is judged', async () => {
    const { store, beforeNextWrite } = interruptedStore()
    const setup = setUp({ store })
    const { principal } = await ownerOf(setup)
    const other = await principalOf(setup)
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    beforeNextWrite(() => setup.auth.changePassword(other, input))
    expect(await outcome(setup.auth.deleteAccount(principal, proof))).toBe('invalid_token')
    expect(await whoLogsIn(setup, [ADA], NEW_PASSWORD)).toEqual([ADA])
  })
})

describe('an account with time to think it over', () => {
  async function planned(options = { deletionGrace: 7 * DAY }) {
    const setup = setUp(options)
    const { user, session, principal } = await ownerOf(setup)
    const { deleteAfter } = await setup.auth.deleteAccount(principal, proof)
    return { setup, user, session, deleteAfter }
  }

  it('S092 S036 ends every session, says until when, and tells the owner', async () => {
    const { setup, user, session, deleteAfter } = await planned()
    expect(deleteAfter).toBe('2030-01-08T00:00:00.000Z')
    expect(await isOver(setup, session)).toEqual(['invalid_token', 'invalid_token'])
    const notice = await setup.outbox.next('deletion_scheduled', ADA)
    expect(notice.link).toBeUndefined()
    await setup.auth.close()
    expect(setup.events.at(-1)).toMatchObject({ type: 'user.deletion_scheduled', userId: user.id })
  })

  it('is kept by a login to the last second, which is told', async () => {
    const { setup, user } = await planned()
    setup.clock.advance(7 * DAY - 1)
    expect(await whoLogsIn(setup, [ADA])).toEqual([ADA])
    await setup.outbox.next('deletion_cancelled', ADA)
    await setup.auth.close()
    expect(setup.events.map(({ type }) => type)).toContain('user.deletion_cancelled')
    setup.clock.advance(1)
    await setup.auth.prune()
    expect(await remains(setup, user.id)).toMatchObject({ status: 'active', deleteAfter: null })
  })

  it('is not kept by a login that fails', async () => {
    const { setup, user } = await planned()
    expect(await whoLogsIn(setup, [ADA], 'wrong')).toEqual([])
    expect(await remains(setup, user.id)).toMatchObject({ deleteAfter: expect.any(Date) })
  })

  it('can have its password reset before, and is kept by the login that follows', async () => {
    const { setup } = await planned()
    const { token } = await requestReset(setup, ADA)
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    expect(await whoLogsIn(setup, [ADA], NEW_PASSWORD)).toEqual([ADA])
    expect(await recordOf(setup, ADA)).toMatchObject({ deleteAfter: null })
  })

  it('S023 is as good as unknown when the time is over, though nobody has deleted it yet', async () => {
    const { setup, user } = await planned()
    setup.clock.advance(7 * DAY)
    const calls = [ADA, 'nobody@example.com'].map((identifier) =>
      outcome(setup.auth.login({ identifier, password: PASSWORD })),
    )
    expect(await Promise.all(calls)).toEqual(['invalid_credentials', 'invalid_credentials'])
    await setup.auth.close()
    const before = setup.outbox.messages.length
    await setup.auth.forgotPassword({ identifier: ADA })
    await setup.auth.close()
    expect(setup.outbox.messages).toHaveLength(before)
    expect(await remains(setup, user.id)).toMatchObject({ status: 'active', email: ADA })
  })

  it('makes way for who proves its address when the time is over', async () => {
    const { setup } = await planned()
    const eve = await ownerOf(setup, 'eve@example.com')
    const { token } = await askForEmail(setup, eve.principal, ADA)
    expect(await outcome(setup.auth.confirmEmail(eve.principal, { token }))).toBe('email_taken')
    setup.clock.advance(7 * DAY)
    const later = await principalOf(setup, 'eve@example.com')
    const { user } = await changeEmailTo(setup, later, ADA)
    expect(user.email).toBe(ADA)
  })

  it('is deleted by the upkeep when the time is over, and its owner is told', async () => {
    const { setup, user } = await planned()
    setup.clock.advance(7 * DAY - 1)
    await setup.auth.prune()
    expect(await remains(setup, user.id)).toMatchObject({ status: 'active' })
    setup.clock.advance(1)
    expect(await setup.auth.prune()).toBeGreaterThan(0)
    expect(await remains(setup, user.id)).toMatchObject({ status: 'deleted', email: null })
    await setup.outbox.next('account_deleted', ADA)
    await setup.auth.close()
    const told = setup.events.find(({ type }) => type === 'user.deleted')
    expect(told).toMatchObject({ userId: user.id, reason: 'grace_over' })
    expect((await register(setup, ADA)).kind).toBe('activate')
  })
})

it('deletes as many accounts as are due, however many they are', { timeout: 30_000 }, async () => {
  const setup = setUp({ deletionGrace: DAY })
  const emails = Array.from({ length: 230 }, (_, at) => `number-${at}@example.com`)
  const deleteAfter = setup.clock.now()
  for (const email of emails) {
    await setup.auth.createUser({ email, password: PASSWORD })
    await change(setup, email, { deleteAfter })
  }
  await Promise.all([setup.auth.prune(), setup.auth.prune()])
  await setup.auth.close()
  expect(setup.events.filter(({ type }) => type === 'user.deleted')).toHaveLength(emails.length)
  expect(setup.errors).toEqual([])
})
