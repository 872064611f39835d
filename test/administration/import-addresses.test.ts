import type { Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { enlist, eventsOf, ranked, userOf } from '../support/administration.ts'
import { outcome } from '../support/onboarding.ts'
import { accountOf, PASSWORD, setUp, tokenIn } from '../support/setup.ts'
import {
  asProfile,
  complaintsIn,
  everything,
  importObjects,
  importText,
  sequence,
} from '../support/transfer.ts'

const updating = { ifExists: 'update' } as const

describe('an import that gives an account another address', () => {
  it('S083 ends its sessions, and makes void the link that would undo an earlier change', async () => {
    const setup = setUp(everything)
    const { auth, outbox } = setup
    const { user, session } = await accountOf(setup)
    const ada = await auth.authenticate(session.accessToken)
    await auth.changeEmail(ada, { email: 'ada@example.net', currentPassword: PASSWORD })
    const { link } = await outbox.next('change_email', 'ada@example.net')
    await auth.confirmEmail(ada, { token: tokenIn(link) })
    const undo = tokenIn((await outbox.next('email_changed', 'ada@example.com')).link)
    await importObjects(auth, [{ id: user.id, email: 'ada@example.org' }], updating)
    expect(await outcome(auth.authenticate(session.accessToken))).toBe('invalid_token')
    await auth.close()
    expect(await outcome(auth.undoEmailChange({ token: undo }))).toBe('invalid_one_time_token')
    expect(await userOf(setup, user.id)).toMatchObject({ email: 'ada@example.org' })
  })

  it('leaves the sessions alone where it is the first, or written otherwise', async () => {
    const setup = setUp(everything)
    const { session, email } = await accountOf(setup)
    const rows = [{ email: email.toUpperCase(), phone: '+12025550100' }]
    expect((await importObjects(setup.auth, rows, updating)).updated).toBe(1)
    expect(await outcome(setup.auth.authenticate(session.accessToken))).toBe('ok')
  })
})

/** A store in which something happens right behind the next look at an identifier. */
function busyStore() {
  const plain = memoryStore()
  let act = async (_: Store) => {}
  const findByIdentifier: Store['users']['findByIdentifier'] = async (identifier) => {
    const found = await plain.users.findByIdentifier(identifier)
    const due = act
    act = async () => {}
    await due(plain)
    return found
  }
  const users = new Proxy(plain.users, {
    get(target, name) {
      if (name === 'findByIdentifier') return findByIdentifier
      const verb: unknown = Reflect.get(target, name)
      return typeof verb === 'function' ? verb.bind(target) : verb
    },
  })
  const meanwhile = (next: typeof act) => {
    act = next
  }
  return { store: { ...plain, users }, meanwhile }
}

describe('an import while somebody else changes the account', () => {
  it('S090 takes no role that it may not take, though it was not there when the row was judged', async () => {
    const { store, meanwhile } = busyStore()
    const setup = setUp({
      ...everything,
      ...ranked,
      permissions: { staff: ['users:import'] },
      store,
    })
    const sam = await enlist(setup, 'sam', ['staff'])
    const ada = await enlist(setup, 'ada', ['user'])
    meanwhile(async (plain) => {
      const { version } = await userOf({ store: plain }, ada.id)
      await plain.users.update(ada.id, version, { roles: ['user', 'staff'] })
    })
    const rows = [{ email: ada.email, username: 'ada', roles: ['user'] }]
    const report = await setup.auth.importUsers(sam.principal, sequence(rows), updating)
    expect(complaintsIn(report)).toEqual(['1 /roles not_allowed'])
    expect((await userOf(setup, ada.id)).roles).toEqual(['user', 'staff'])
    expect(await eventsOf(setup, 'user.updated')).toEqual([])
  })
})

describe('a profile that a lax schema lets through', () => {
  it.each(['{"x":1e999}', `{"x":${'['.repeat(20)}${']'.repeat(20)}}`])(
    'S098 and nothing can store, as %s, costs its own row alone',
    async (profile) => {
      const { auth } = setUp({ ...everything, profile: asProfile(z.looseObject({})) })
      const lines = `{"email":"eve@example.com","profile":${profile}}\n{"email":"ada@example.com"}`
      const report = await importText(auth, lines, { format: 'ndjson' })
      expect(report).toMatchObject({ created: 1, refused: 1, complete: true })
      expect(complaintsIn(report)).toEqual(['1 /profile invalid'])
    },
  )
})
