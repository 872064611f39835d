import type { Identifier, User } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual, expectTaken, expectTrue, rejectionOf } from '../assertions.ts'
import { KINDS, STATUSES } from './closed-unions.ts'
import { at, aUser, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { storedUser, storedUsers } from './stored-records.ts'

/** A user with a value of its own in every member. */
const full = (): User =>
  aUser({
    email: 'ada@example.com',
    emailAsTyped: 'Ada@Example.com',
    emailVerifiedAt: at(1),
    username: 'ada',
    usernameAsTyped: 'Ada',
    phone: '+15550100',
    phoneVerifiedAt: at(2),
    passwordHash: '$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA',
    roles: ['user', 'staff, "quoted" {and} \\odd', ''],
    credentialEpoch: 3,
    claimsVersion: 4,
    failedLogins: 5,
    lockedUntil: at(6),
    leavingAdmin: true,
    deleteAfter: at(7),
    profile: { name: 'Åda 💡', list: [1, null, { deep: true }], n: 1.5 },
    createdAt: at(-1),
    updatedAt: at(999),
    version: 8,
  })

const reading = section('users.insert and users.find', [
  rule('give back every member as it was, and no other', async (store) => {
    const user = full()
    await store.users.insert(user)
    expectEqual(await store.users.find(user.id), user)
    expectEqual(await findBy(store, { kind: 'phone', value: '+15550100' }), user)
  }),

  rule('give back null for every member that has no value', async (store) => {
    const user = await storedUser(store, { email: null, roles: [] })
    expectEqual(await store.users.find(user.id), user)
  }),

  ...STATUSES.map((status) =>
    rule(`find a user who is ${status}, by id and by identifier`, async (store) => {
      const user = await storedUser(store, { status, username: 'ada' })
      expectEqual(await store.users.find(user.id), user)
      expectEqual(await findBy(store, { kind: 'username', value: 'ada' }), user)
    }),
  ),

  rule('answer null for an id that nobody has', async (store) => {
    await storedUser(store)
    expectEqual(await store.users.find(idNumber(1)), null)
  }),

  rule('answer null for an identifier that nobody has, of any kind', async (store) => {
    await storedUser(store)
    for (const kind of KINDS) expectEqual(await findBy(store, { kind, value: 'ada' }), null, kind)
  }),
])

const inserting = section('users.insert', [
  rule('refuses an id that exists, and writes nothing', async (store) => {
    const first = await storedUser(store)
    const second = aUser({ id: first.id, email: 'other@example.com' })
    await expectTaken(store.users.insert(second), 'id')
    expectEqual(await store.users.find(first.id), first)
    expectEqual(await findBy(store, { kind: 'email', value: 'other@example.com' }), null)
  }),

  ...KINDS.map((kind) =>
    rule(`S112 refuses a taken ${kind}, names it, and writes nothing`, async (store) => {
      const holder = await storedUser(store, { email: null, [kind]: 'taken' })
      const freeKind = kind === 'phone' ? 'username' : 'phone'
      const late = aUser({ email: null, [freeKind]: 'free', [kind]: 'taken' })
      await expectTaken(store.users.insert(late), kind)
      expectEqual(await store.users.find(late.id), null)
      expectEqual(await findBy(store, { kind: freeKind, value: 'free' }), null)
      expectEqual(await findBy(store, { kind, value: 'taken' }), holder)
    }),
  ),

  ...STATUSES.map((status) =>
    rule(`refuses the identifier of a holder who is ${status}`, async (store) => {
      await storedUser(store, { status, username: 'taken' })
      await expectTaken(store.users.insert(aUser({ username: 'taken' })), 'username')
    }),
  ),

  rule('names one of the identifiers where several are taken', async (store) => {
    await storedUsers(store, [{ email: 'taken@example.com' }, { username: 'taken' }])
    const late = aUser({ email: 'taken@example.com', username: 'taken', phone: '+15550100' })
    const error = await rejectionOf(store.users.insert(late))
    const { name, field } = Object(error) as { name?: unknown; field?: unknown }
    expectEqual(name, 'UniqueViolation', String(error))
    expectTrue(field === 'email' || field === 'username', `it names ${String(field)}`)
  }),

  rule('lets any number of users have no identifier', async (store) => {
    const users = await storedUsers(store, [{ email: null }, { email: null }, { email: null }])
    for (const user of users) expectEqual(await store.users.find(user.id), user)
  }),

  rule('keeps the kinds apart: one value may be e-mail, username and phone', async (store) => {
    const users = KINDS.map((kind) => aUser({ email: null, [kind]: 'one-value' }))
    for (const user of users) await store.users.insert(user)
    const found = KINDS.map((kind) => findBy(store, { kind, value: 'one-value' }))
    expectEqual(await Promise.all(found), users)
  }),
])

export const userSections = [reading, inserting]

function findBy(store: Store, identifier: Identifier): Promise<User | null> {
  return store.users.findByIdentifier(identifier)
}
