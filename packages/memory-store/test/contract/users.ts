import type { IdentifierKind, Store, User } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { at, aUser, idNumber } from './records.ts'

/** Values that a careless comparison takes for one another. No two are the same bytes. */
const LOOK_ALIKES = [
  'ada',
  'Ada',
  'ada ',
  ' ada',
  'åda', // one code point
  'a\u030ada', // a letter and a combining ring
  'аda', // a Cyrillic first letter
  'ad\u200ba',
  'ad\u0131a',
  'strasse',
  'straße',
  'k',
  '\u212a', // the Kelvin sign
  'ﬁ',
  'fi',
  'a%',
  'a_',
  "a'; --",
  '💡',
  '💡\ufe0f',
  'null',
  '0',
  '00',
]

const kinds: readonly IdentifierKind[] = ['email', 'username', 'phone']

export function describeUsers(open: OpenStore): void {
  describe('users.insert and users.find', () => {
    it('gives back every member as it was', async () => {
      const store = await open()
      const full = aUser({
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
        profile: { name: 'Åda 💡', list: [1, null, { deep: true }], '': 0, $key: 'a.b', n: 1.5 },
        createdAt: at(-1),
        updatedAt: at(999),
        version: 8,
      })
      const bare = aUser({ email: null, roles: [] })
      await store.users.insert(full)
      await store.users.insert(bare)
      expect(await store.users.find(full.id)).toEqual(full)
      expect(await store.users.find(bare.id)).toEqual(bare)
    })

    it.each(['pending', 'active', 'disabled', 'deleted'] as const)(
      'finds a user who is %s',
      async (status) => {
        const store = await open()
        const user = aUser({ status })
        await store.users.insert(user)
        expect(await store.users.find(user.id)).toEqual(user)
        expect(await findByEmail(store, user.email)).toEqual(user)
      },
    )

    it('answers null for an id and for an identifier that nobody has', async () => {
      const store = await open()
      expect(await store.users.find(idNumber(1))).toBeNull()
      for (const kind of kinds) {
        expect(await store.users.findByIdentifier({ kind, value: 'ada' })).toBeNull()
      }
    })
  })

  describe('users.insert', () => {
    it('refuses an id that exists', async () => {
      const store = await open()
      const first = aUser()
      await store.users.insert(first)
      const second = aUser({ id: first.id, email: 'other@example.com' })
      await expect(store.users.insert(second)).rejects.toMatchObject({
        name: 'UniqueViolation',
        field: 'id',
      })
      expect(await store.users.find(first.id)).toEqual(first)
      expect(await findByEmail(store, 'other@example.com')).toBeNull()
    })

    it.each(kinds)('refuses a taken %s and writes nothing', async (kind) => {
      const store = await open()
      const holder = aUser({ email: null, [kind]: 'taken' })
      await store.users.insert(holder)
      const free = kind === 'phone' ? { username: 'free' } : { phone: 'free' }
      const late = aUser({ email: null, ...free, [kind]: 'taken' })
      await expect(store.users.insert(late)).rejects.toMatchObject({
        name: 'UniqueViolation',
        field: kind,
      })
      expect(await store.users.find(late.id)).toBeNull()
      const [freeKind] = Object.keys(free) as [IdentifierKind]
      expect(await store.users.findByIdentifier({ kind: freeKind, value: 'free' })).toBeNull()
      expect(await store.users.findByIdentifier({ kind, value: 'taken' })).toEqual(holder)
    })

    it('lets any number of users have no identifier', async () => {
      const store = await open()
      const users = [1, 2, 3].map(() => aUser({ email: null }))
      for (const user of users) await store.users.insert(user)
      for (const user of users) expect(await store.users.find(user.id)).toEqual(user)
    })

    it('keeps the kinds apart', async () => {
      const store = await open()
      const users = kinds.map((kind) => aUser({ email: null, [kind]: 'one-value' }))
      for (const user of users) await store.users.insert(user)
      const found = kinds.map((kind) => store.users.findByIdentifier({ kind, value: 'one-value' }))
      expect(await Promise.all(found)).toEqual(users)
    })
  })

  describe('users.findByIdentifier', () => {
    it.each(kinds)('compares a %s byte for byte', async (kind) => {
      const store = await open()
      const users = LOOK_ALIKES.map((value) => aUser({ email: null, [kind]: value }))
      for (const user of users) await store.users.insert(user)
      for (const user of users) {
        const value = user[kind] ?? ''
        const found = await store.users.findByIdentifier({ kind, value })
        expect(found?.id, JSON.stringify(value)).toBe(user.id)
        expect(found?.[kind]).toBe(value)
      }
    })

    it('finds nobody by something that only looks alike', async () => {
      const store = await open()
      const [held, ...others] = LOOK_ALIKES
      await store.users.insert(aUser({ username: held ?? '' }))
      for (const value of others) {
        const found = await store.users.findByIdentifier({ kind: 'username', value })
        expect(found, JSON.stringify(value)).toBeNull()
      }
    })
  })
}

function findByEmail(store: Store, email: string | null): Promise<User | null> {
  return store.users.findByIdentifier({ kind: 'email', value: email ?? '' })
}
