import type { Revocations } from './revocation.ts'
import type { Store } from './store.ts'

/**
 * The store; what is revoked through it counts on this node at once, before the verb resolves. Whichever flow revokes
 * something, there is nothing that it could forget to tell.
 *
 * @param announce Called after each, to tell the other nodes that there is news.
 */
export function watchStore(store: Store, heard: Revocations, announce: () => void): Store {
  const { users, sessions } = store
  const then = (apply: () => void) => {
    apply()
    announce()
  }
  return {
    ...store,
    users: override(users, {
      async update(id, expectedVersion, patch) {
        const user = await users.update(id, expectedVersion, patch)
        const { status, credentialEpoch, claimsVersion } = patch
        const matters = (status ?? credentialEpoch ?? claimsVersion) !== undefined
        if (user !== null && matters) then(() => heard.changeUser(user))
        return user
      },
    }),
    sessions: override(sessions, {
      async revoke(id, reason, at) {
        const ended = await sessions.revoke(id, reason, at)
        then(() => heard.endSession(id))
        return ended
      },
      async revokeAll(userId, keep, reason, at) {
        await sessions.revokeAll(userId, keep, reason, at)
        then(() => heard.doubtUser(userId))
      },
      async evictBeyond(userId, max, at) {
        const count = await sessions.evictBeyond(userId, max, at)
        if (count > 0) then(() => heard.doubtUser(userId))
        return count
      },
    }),
  }
}

function override<Group extends object>(group: Group, verbs: Partial<Group>): Group {
  const own: Readonly<Record<PropertyKey, unknown>> = { ...verbs }
  return new Proxy(group, {
    get: (target, name) => (Object.hasOwn(own, name) ? own[name] : Reflect.get(target, name)),
  })
}
