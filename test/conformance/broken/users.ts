import type { Store, User, UserPatch } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

const ONE = 'users, 50 calls at once, one record'

export const brokenUsers: readonly BrokenStore[] = [
  broken(
    'answers undefined for a user who is not there',
    'users.insert and users.find > answer null for an id that nobody has',
    ({ users }) => ({
      users: { find: async (id) => (await users.find(id)) ?? (undefined as never) },
    }),
  ),

  broken(
    'updates whatever the version is',
    'users.update > writes nothing when version is 4 and 3 is expected',
    ({ users }) => ({
      users: {
        async update(id, _, patch) {
          const user = await users.find(id)
          return user && users.update(id, user.version, patch)
        },
      },
    }),
  ),

  broken(
    'reads the version, then writes',
    `${ONE} > S112 lets exactly one of the updates from one version win`,
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          if ((await users.find(id))?.version !== expected) return null
          await tick()
          return users.update(id, (await users.find(id))?.version ?? 0, patch)
        },
      },
    }),
  ),

  broken(
    'tells no writer that it lost',
    `${ONE} > loses no update of those that try again`,
    ({ users }) => ({
      users: {
        update: async (id, expected, patch) =>
          (await users.update(id, expected, patch)) ?? users.find(id),
      },
    }),
  ),

  broken(
    'writes the whole record that it read, counters too',
    `${ONE} > loses no count to an update, and no update to a count`,
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          const { failedLogins = 0 } = (await users.find(id)) ?? {}
          await tick()
          return users.update(id, expected, { ...patch, failedLogins } as UserPatch)
        },
      },
    }),
  ),

  broken(
    'clears the members that a patch does not name',
    'users.update > writes a status, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        update: (id, expected, patch) => users.update(id, expected, { phone: null, ...patch }),
      },
    }),
  ),

  broken(
    'takes null in a patch for a member that is not named',
    'users.update > writes no hash, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        update(id, expected, patch) {
          const named = Object.entries(patch).filter(([, value]) => value !== null)
          return users.update(id, expected, Object.fromEntries(named))
        },
      },
    }),
  ),

  broken(
    'merges profiles',
    'users.update > writes a profile, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          const profile = { ...(await users.find(id))?.profile, ...patch.profile }
          return users.update(id, expected, patch.profile ? { ...patch, profile } : patch)
        },
      },
    }),
  ),

  broken(
    'moves updatedAt by itself',
    'users.update > writes nothing, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        update: (id, expected, patch) =>
          users.update(id, expected, { updatedAt: new Date(), ...patch }),
      },
    }),
  ),

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

  broken(
    'counts administrators who are leaving',
    'users.countAdmins > S090 does not count who is leaving',
    counting(({ status, roles }, { role }) => status === 'active' && roles.includes(role)),
  ),

  broken(
    'counts administrators who are disabled',
    'users.countAdmins > does not count who is disabled',
    counting((user, { role }) => user.status !== 'pending' && isAdmin(user, role)),
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
