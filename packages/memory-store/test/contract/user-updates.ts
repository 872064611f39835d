import type { Store, User, UserPatch } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { at, aUser, idNumber } from './records.ts'

const patches: readonly UserPatch[] = [
  { email: 'new@example.com', emailAsTyped: 'New@Example.com', emailVerifiedAt: at(5) },
  { email: null, emailAsTyped: null, emailVerifiedAt: null },
  { username: 'new', usernameAsTyped: 'New' },
  { phone: '+15550100', phoneVerifiedAt: at(5) },
  { passwordHash: 'another hash', credentialEpoch: 7 },
  { passwordHash: null },
  { roles: ['staff'], claimsVersion: 9 },
  { roles: [] },
  { status: 'disabled' },
  { leavingAdmin: true, deleteAfter: at(5) },
  { profile: { name: 'Ada', nested: { list: [1, 'two'] } } },
  { updatedAt: at(5) },
  {},
]

export function describeUserUpdates(open: OpenStore): void {
  describe('users.update', () => {
    it.each(patches)('writes %j, adds one to version and leaves the rest', async (patch) => {
      const store = await open()
      const user = await inserted(store, { username: 'old', passwordHash: 'hash', version: 4 })
      const updated = await store.users.update(user.id, 4, patch)
      expect(updated).toEqual({ ...user, ...patch, version: 5 })
      expect(await store.users.find(user.id)).toEqual(updated)
    })

    it.each([3, 5])('writes nothing when version is 4 and %i is expected', async (expected) => {
      const store = await open()
      const user = await inserted(store, { version: 4 })
      expect(await store.users.update(user.id, expected, { status: 'disabled' })).toBeNull()
      expect(await store.users.find(user.id)).toEqual(user)
    })

    it('answers null for a user who is gone', async () => {
      const store = await open()
      expect(await store.users.update(idNumber(1), 1, { status: 'disabled' })).toBeNull()
    })

    it.each(['email', 'username', 'phone'] as const)(
      'refuses the %s of somebody else and writes nothing',
      async (kind) => {
        const store = await open()
        const holder = await inserted(store, { [kind]: 'taken' })
        const user = await inserted(store, { [kind]: 'mine' })
        const patch = { [kind]: 'taken', status: 'disabled' } as const
        await expect(store.users.update(user.id, 1, patch)).rejects.toMatchObject({
          name: 'UniqueViolation',
          field: kind,
        })
        expect(await store.users.find(user.id)).toEqual(user)
        expect(await store.users.findByIdentifier({ kind, value: 'taken' })).toEqual(holder)
        expect(await store.users.findByIdentifier({ kind, value: 'mine' })).toEqual(user)
      },
    )

    it('answers null, not a refusal, when the version moved and the identifier is taken', async () => {
      const store = await open()
      await inserted(store, { username: 'taken' })
      const user = await inserted(store, {})
      expect(await store.users.update(user.id, 2, { username: 'taken' })).toBeNull()
    })

    it('takes the own identifiers again', async () => {
      const store = await open()
      const user = await inserted(store, { username: 'ada' })
      const { email, username } = user
      const updated = await store.users.update(user.id, 1, { email, username })
      expect(updated?.version).toBe(2)
    })

    it('finds the user by the new identifier and no longer by the old', async () => {
      const store = await open()
      const user = await inserted(store, { username: 'old' })
      const updated = await store.users.update(user.id, 1, { username: 'new' })
      const find = (value: string) => store.users.findByIdentifier({ kind: 'username', value })
      expect(await find('new')).toEqual(updated)
      expect(await find('old')).toBeNull()
    })

    it('leaves an identifier that was given up to whoever asks next', async () => {
      const store = await open()
      const before = await inserted(store, { username: 'ada' })
      await store.users.update(before.id, 1, { status: 'deleted', username: null })
      const after = await inserted(store, { username: 'ada' })
      const found = await store.users.findByIdentifier({ kind: 'username', value: 'ada' })
      expect(found).toEqual(after)
    })
  })
}

async function inserted(store: Store, patch: Partial<User>): Promise<User> {
  const user = aUser(patch)
  await store.users.insert(user)
  return user
}
