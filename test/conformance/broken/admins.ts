import type { Store, User } from '@latchkey/core'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const ONE = 'users, 50 calls at once, one record'

export const brokenAdminCounts: readonly BrokenStore[] = [
  broken(
    'counts administrators who are leaving',
    'users.countAdmins > S090 does not count who is leaving',
    counting(({ status, roles }, { role }) => status === 'active' && roles.includes(role)),
  ),

  ...(['pending', 'disabled', 'deleted'] as const).map((status) =>
    broken(
      `counts administrators who are ${status}`,
      `users.countAdmins > does not count who is ${status}`,
      counting((user, { role }) => ['active', status].includes(user.status) && isAdmin(user, role)),
    ),
  ),

  broken(
    'counts a user for each time that the role is named',
    'users.countAdmins > counts a user once, however often the role is named',
    ({ users }) => {
      const named: string[] = []
      return {
        users: {
          insert(user) {
            named.push(...user.roles.slice(1).filter((role) => user.roles[0] === role))
            return users.insert(user)
          },
          async countAdmins(query) {
            const again = named.filter((role) => role === query.role)
            return (await users.countAdmins(query)) + again.length
          },
        },
      }
    },
  ),

  broken(
    'counts everybody whose roles contain the text',
    'users.countAdmins > does not take the role "administrator" for the role "admin"',
    counting((user, { role }) => user.status === 'active' && user.roles.join().includes(role)),
  ),

  broken(
    'counts the one who is excepted',
    'users.countAdmins > leaves out the one who is excepted',
    ({ users }) => ({
      users: { countAdmins: (query) => users.countAdmins({ ...query, except: null }) },
    }),
  ),

  broken(
    'counts administrators on a replica that is one question behind',
    'users.countAdmins > S090 sees a change at once',
    ({ users }) => {
      let answer: number | null = null
      return {
        users: {
          async countAdmins(query) {
            const before = answer
            answer = await users.countAdmins(query)
            return before ?? answer
          },
        },
      }
    },
  ),

  broken(
    'counts administrators before what was written is seen',
    `${ONE} > S090 shows the last administrators who leave at once that nobody is left`,
    ({ users }) => {
      const writes: (() => void)[] = []
      return {
        users: {
          async update(id, expected, patch) {
            writes.push(() => void users.update(id, expected, patch))
            if (patch.leavingAdmin === undefined) return users.update(id, expected, patch)
            const user = await users.find(id)
            return user && { ...user, ...patch, version: user.version + 1 }
          },
          async countAdmins(query) {
            const count = await users.countAdmins(query)
            for (const write of writes.splice(0)) write()
            return count
          },
        },
      }
    },
  ),
]

function isAdmin({ roles, leavingAdmin }: User, role: string): boolean {
  return roles.includes(role) && !leavingAdmin
}

type Query = Parameters<Store['users']['countAdmins']>[0]

/** Counts by another rule. */
function counting(counts: (user: User, query: Query) => boolean): (sound: Store) => Faults {
  return ({ users }) => {
    const ids: string[] = []
    return {
      users: {
        insert(user) {
          ids.push(user.id)
          return users.insert(user)
        },
        async countAdmins(query) {
          const found = await Promise.all(ids.map((id) => users.find(id)))
          const others = found.filter((user) => user !== null && user.id !== query.except)
          return others.filter((user) => user !== null && counts(user, query)).length
        },
      },
    }
  }
}
