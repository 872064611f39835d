import { UniqueViolation, type User, type UserStore } from '@latchkey/core'
import { type Environment, KINDS } from './environment.ts'
import { KeyTaken } from './table.ts'
import { listUsers } from './user-list.ts'

export function userStore({ users, feed, read, write }: Environment): UserStore {
  return {
    insert: (user) => write(() => users.insert(user)).catch(refuse),
    find: (id) => read(() => users.get(id)),
    findByIdentifier: ({ kind, value }) => read(() => users.find(kind, value)),
    update: (id, version, patch) =>
      write(() => {
        const before = users.get(id)
        if (before?.version !== version) return null
        const after = { ...before, ...patch, version: version + 1 }
        users.put(after)
        if (isRevoking(before, after)) feed.add({ user: countersOf(after) })
        return after
      }).catch(refuse),
    countFailedLogin: ({ kind, value }) =>
      write(() => {
        const user = users.find(kind, value)
        if (user === null) return null
        const counted = { ...user, failedLogins: user.failedLogins + 1 }
        users.put(counted)
        return counted
      }),
    clearFailedLogins: (id) =>
      write(() => {
        const user = users.get(id)
        if (user !== null) users.put({ ...user, failedLogins: 0, lockedUntil: null })
      }),
    countAdmins: ({ role, except }) =>
      read(() => {
        const counts = ({ id, status, leavingAdmin }: User) =>
          status === 'active' && !leavingAdmin && id !== except
        return users.list(['role', role], { where: counts }).length
      }),
    list: (query) => read(() => listUsers(users, query)),
    listDueForDeletion: (now, limit) =>
      read(() => users.list(['due'], { start: [now], backwards: true, limit })),
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof KeyTaken)) throw error
  throw new UniqueViolation(KINDS.find((kind) => kind === error.key[0]) ?? 'id')
}

function isRevoking(before: User, after: User): boolean {
  return (
    before.status !== after.status ||
    before.credentialEpoch !== after.credentialEpoch ||
    before.claimsVersion !== after.claimsVersion
  )
}

function countersOf({ id, credentialEpoch, claimsVersion }: User) {
  return { id, credentialEpoch, claimsVersion }
}
