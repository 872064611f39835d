import type { UserPatch } from '../../records.ts'
import { expectEqual, expectMembers, expectTaken } from '../assertions.ts'
import { KINDS } from './closed-unions.ts'
import { at, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { storedUser } from './stored-records.ts'

const PATCHES: Readonly<Record<string, UserPatch>> = {
  'an e-mail': {
    email: 'new@example.com',
    emailAsTyped: 'New@Example.com',
    emailVerifiedAt: at(5),
  },
  'no e-mail': { email: null, emailAsTyped: null, emailVerifiedAt: null },
  'a username': { username: 'new', usernameAsTyped: 'New' },
  'no username': { username: null, usernameAsTyped: null },
  'a phone': { phone: '+15550199', phoneVerifiedAt: at(5) },
  'no phone': { phone: null, phoneVerifiedAt: null },
  'a hash and an epoch': { passwordHash: '$argon2id$another', credentialEpoch: 7 },
  'no hash': { passwordHash: null },
  'roles and a claims version': { roles: ['staff', 'admin'], claimsVersion: 9 },
  'no roles': { roles: [] },
  'a status': { status: 'disabled' },
  'the marks of an administrator who leaves': { leavingAdmin: true, deleteAfter: at(5) },
  'no marks': { leavingAdmin: false, deleteAfter: null },
  'a profile': { profile: { name: 'Åda', nested: { list: [1, 'two', null] } } },
  'an empty profile': { profile: {} },
  'the time of change': { updatedAt: at(5) },
  'a tombstone': {
    status: 'deleted',
    email: null,
    emailAsTyped: null,
    emailVerifiedAt: null,
    username: null,
    usernameAsTyped: null,
    phone: null,
    phoneVerifiedAt: null,
    passwordHash: null,
    roles: [],
    profile: {},
    credentialEpoch: 8,
    updatedAt: at(5),
  },
  nothing: {},
}

/** What every patch above changes, where it names it. */
const BEFORE = {
  emailAsTyped: 'Old@Example.com',
  emailVerifiedAt: at(1),
  username: 'old',
  usernameAsTyped: 'Old',
  phone: '+15550100',
  phoneVerifiedAt: at(2),
  passwordHash: '$argon2id$old',
  deleteAfter: at(3),
  profile: { name: 'Ada', old: true },
  failedLogins: 2,
  lockedUntil: at(4),
  version: 4,
} as const

const updating = section('users.update', [
  ...Object.entries(PATCHES).map(([what, patch]) =>
    rule(`writes ${what}, adds one to version and leaves the rest`, async (store) => {
      const user = await storedUser(store, BEFORE)
      const other = await storedUser(store)
      const updated = await store.users.update(user.id, 4, patch)
      expectEqual(updated, { ...user, ...patch, version: 5 })
      expectEqual(await store.users.find(user.id), updated)
      expectEqual(await store.users.find(other.id), other)
    }),
  ),

  ...[3, 5].map((expected) =>
    rule(`writes nothing when version is 4 and ${expected} is expected`, async (store) => {
      const user = await storedUser(store, { version: 4 })
      expectEqual(await store.users.update(user.id, expected, { status: 'disabled' }), null)
      expectEqual(await store.users.find(user.id), user)
    }),
  ),

  rule('answers null for a user who is gone', async (store) => {
    expectEqual(await store.users.update(idNumber(1), 1, { status: 'disabled' }), null)
  }),

  rule('writes a patch that is the same as the record, too', async (store) => {
    const user = await storedUser(store)
    const updated = await store.users.update(user.id, 1, { status: 'active', roles: ['user'] })
    expectEqual(updated, { ...user, version: 2 })
  }),
])

const identifiers = section('users.update, identifiers', [
  ...KINDS.map((kind) =>
    rule(`S112 refuses the ${kind} of somebody else, and writes nothing`, async (store) => {
      const holder = await storedUser(store, { [kind]: 'taken' })
      const user = await storedUser(store, { [kind]: 'mine' })
      const find = (value: string) => store.users.findByIdentifier({ kind, value })
      const patch = { [kind]: 'taken', status: 'disabled' } as const
      await expectTaken(store.users.update(user.id, 1, patch), kind)
      expectEqual(await store.users.find(user.id), user)
      expectEqual(await find('taken'), holder)
      expectEqual(await find('mine'), user)
    }),
  ),

  rule('answers null, not a refusal, when the version moved as well', async (store) => {
    await storedUser(store, { username: 'taken' })
    const user = await storedUser(store)
    expectEqual(await store.users.update(user.id, 2, { username: 'taken' }), null)
  }),

  rule('takes the own identifiers again', async (store) => {
    const { id, email } = await storedUser(store, { username: 'ada' })
    const updated = await store.users.update(id, 1, { email, username: 'ada' })
    expectMembers(updated, { email, username: 'ada', version: 2 })
  }),

  ...KINDS.map((kind) =>
    rule(`finds the user by the new ${kind}, and no longer by the old`, async (store) => {
      const user = await storedUser(store, { [kind]: 'old' })
      const find = (value: string) => store.users.findByIdentifier({ kind, value })
      const updated = await store.users.update(user.id, 1, { [kind]: 'new' })
      expectEqual(await find('new'), updated)
      expectEqual(await find('old'), null)
    }),
  ),

  rule('leaves an identifier that was given up to whoever asks next', async (store) => {
    const before = await storedUser(store, { username: 'ada' })
    await store.users.update(before.id, 1, { status: 'deleted', username: null })
    const after = await storedUser(store, { username: 'ada' })
    const found = await store.users.findByIdentifier({ kind: 'username', value: 'ada' })
    expectEqual(found, after)
  }),
])

export const userUpdateSections = [updating, identifiers]
