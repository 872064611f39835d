import type { IdentifierKind, Store, User } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { at, aUser, idNumber } from './records.ts'

export function describeLoginCounters(open: OpenStore): void {
  describe('users.countFailedLogin', () => {
    it.each(['email', 'username', 'phone'] as const)(
      'finds by %s, adds one, and moves neither version nor updatedAt',
      async (kind: IdentifierKind) => {
        const store = await open()
        const user = aUser({ [kind]: 'known', failedLogins: 2, version: 7, updatedAt: at(3) })
        await store.users.insert(user)
        const counted = await store.users.countFailedLogin({ kind, value: 'known' })
        expect(counted).toEqual({ ...user, failedLogins: 3 })
        expect(await store.users.find(user.id)).toEqual(counted)
      },
    )

    it('answers null for an identifier that nobody has', async () => {
      const store = await open()
      await store.users.insert(aUser({ username: 'ada' }))
      expect(await store.users.countFailedLogin({ kind: 'username', value: 'Ada' })).toBeNull()
      expect(await store.users.countFailedLogin({ kind: 'email', value: 'ada' })).toBeNull()
    })

    it('does not make a compare-and-set fail', async () => {
      const store = await open()
      const user = aUser({ username: 'ada' })
      await store.users.insert(user)
      await store.users.countFailedLogin({ kind: 'username', value: 'ada' })
      const updated = await store.users.update(user.id, 1, { passwordHash: 'rehashed' })
      expect(updated).toEqual({ ...user, passwordHash: 'rehashed', version: 2, failedLogins: 1 })
    })
  })

  describe('users.clearFailedLogins', () => {
    it('clears the count and the lock, and nothing else', async () => {
      const store = await open()
      const user = aUser({ failedLogins: 9, lockedUntil: at(1), version: 7, updatedAt: at(3) })
      const other = aUser({ failedLogins: 1 })
      await store.users.insert(user)
      await store.users.insert(other)
      await store.users.clearFailedLogins(user.id)
      expect(await store.users.find(user.id)).toEqual({
        ...user,
        failedLogins: 0,
        lockedUntil: null,
      })
      expect(await store.users.find(other.id)).toEqual(other)
    })

    it('ignores an id that nobody has', async () => {
      const store = await open()
      await expect(store.users.clearFailedLogins(idNumber(1))).resolves.toBeUndefined()
    })
  })

  describe('users.countAdmins', () => {
    it('counts who is active, has the role and is not leaving', async () => {
      const store = await open()
      await insertAll(store, [
        { roles: ['admin'] },
        { roles: ['user', 'admin'] },
        { roles: ['admin'], status: 'pending' },
        { roles: ['admin'], status: 'disabled' },
        { roles: ['admin'], status: 'deleted' },
        { roles: ['admin'], leavingAdmin: true },
        { roles: ['user'] },
        { roles: [] },
        { roles: ['administrator'] },
        { roles: ['Admin'] },
      ])
      expect(await store.users.countAdmins({ role: 'admin', except: null })).toBe(2)
      expect(await store.users.countAdmins({ role: 'owner', except: null })).toBe(0)
    })

    it('leaves out the one who is excepted', async () => {
      const store = await open()
      const [first, second] = await insertAll(store, [{ roles: ['admin'] }, { roles: ['admin'] }])
      const count = (except: string | undefined) =>
        store.users.countAdmins({ role: 'admin', except: except ?? '' })
      expect(await count(first?.id)).toBe(1)
      expect(await count(second?.id)).toBe(1)
      expect(await count(idNumber(1))).toBe(2)
    })

    it('sees a change at once', async () => {
      const store = await open()
      const [admin] = await insertAll(store, [{ roles: ['admin'] }])
      await store.users.update(admin?.id ?? '', 1, { leavingAdmin: true })
      expect(await store.users.countAdmins({ role: 'admin', except: null })).toBe(0)
      await store.users.update(admin?.id ?? '', 2, { leavingAdmin: false })
      expect(await store.users.countAdmins({ role: 'admin', except: null })).toBe(1)
    })
  })
}

async function insertAll(store: Store, patches: readonly Partial<User>[]): Promise<User[]> {
  const users = patches.map(aUser)
  for (const user of users) await store.users.insert(user)
  return users
}
