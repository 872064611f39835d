import type { User, UserPatch } from '@latchkey/core'
import { type BrokenStore, broken, tick } from './broken-store.ts'

const ONE = 'users, 50 calls at once, one record'

export const brokenLoginCounters: readonly BrokenStore[] = [
  broken(
    'reads the count of failed logins, then writes it',
    `${ONE} > counts every failed login, and answers each count once`,
    ({ users }) => {
      const counts = new Map<string, number>()
      const show = (user: User | null) =>
        user && { ...user, failedLogins: counts.get(user.id) ?? user.failedLogins }
      return {
        users: {
          find: async (id) => show(await users.find(id)),
          async countFailedLogin(identifier) {
            const user = show(await users.findByIdentifier(identifier))
            await tick()
            if (user !== null) counts.set(user.id, user.failedLogins + 1)
            return show(user)
          },
        },
      }
    },
  ),

  broken(
    'moves the version when it counts a failed login',
    'users.countFailedLogin > does not make a compare-and-set fail',
    ({ users }) => ({
      users: {
        async countFailedLogin(identifier) {
          const user = await users.countFailedLogin(identifier)
          return user && users.update(user.id, user.version, {})
        },
      },
    }),
  ),

  broken(
    'answers the count before the addition',
    'users.countFailedLogin > finds by email, adds one, and moves neither version nor updatedAt',
    ({ users }) => ({
      users: {
        async countFailedLogin(identifier) {
          const before = await users.findByIdentifier(identifier)
          await users.countFailedLogin(identifier)
          return before
        },
      },
    }),
  ),

  broken(
    'leaves the lock when it clears the count',
    'users.clearFailedLogins > clears the count and the lock, and nothing else',
    ({ users }) => ({
      users: {
        async clearFailedLogins(id) {
          const user = await users.find(id)
          const patch = { failedLogins: 0 } as UserPatch
          if (user !== null) await users.update(id, user.version, patch)
        },
      },
    }),
  ),

  broken(
    'loses the update that comes while it clears the count',
    `${ONE} > loses no update to the clearing of a count`,
    ({ users }) => ({
      users: {
        async clearFailedLogins(id) {
          const before = await users.find(id)
          await tick()
          const now = await users.find(id)
          await users.clearFailedLogins(id)
          if (before && now) await users.update(id, now.version, { status: before.status })
        },
      },
    }),
  ),
]
