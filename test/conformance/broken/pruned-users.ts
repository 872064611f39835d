import type { PruneLimits, Store, User } from '@latchkey/core'
import type { Faults } from './broken-store.ts'

const NOTHING: PruneLimits = {
  now: new Date(0),
  endedBefore: new Date(0),
  pendingBefore: new Date(0),
  eventsBefore: new Date(0),
}

/** Deletes other users as well, some time after it looked for them. */
export function deleting(
  goes: (user: User, given: PruneLimits) => boolean,
  wait: () => Promise<void> = async () => {},
): (sound: Store) => Faults {
  return (store) => {
    const ids = new Set<string>()
    return {
      users: {
        insert(user) {
          ids.add(user.id)
          return store.users.insert(user)
        },
      },
      async prune(given) {
        const users = await Promise.all([...ids].map((id) => store.users.find(id)))
        const gone = users.filter((user) => user !== null && goes(user, given))
        await wait()
        const deleted = await Promise.all(gone.map((user) => remove(store, user?.id ?? '')))
        return deleted.length + (await store.prune(given))
      },
    }
  }
}

/** Whoever it is: marked as deleted long ago, and pruned. */
async function remove(store: Store, id: string): Promise<void> {
  const user = await store.users.find(id)
  const gone = { status: 'deleted', updatedAt: new Date(0) } as const
  if (user === null) return
  await store.users.update(id, user.version, gone)
  await store.prune({ ...NOTHING, endedBefore: new Date(1) })
}
