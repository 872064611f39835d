import type { Store, User, UserPatch } from '@latchkey/core'
import { usersOf } from './all-records.ts'
import { record } from './record-event.ts'

/** How to end all sessions. */
export interface EndAllSessionsOptions {
  /** Hears how many users are done. */
  readonly onProgress?: ((users: number) => void) | undefined
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined
}

/**
 * Ends every session of every user, and voids every link and code that was sent: for after a restoration by the
 * database's own means, which brings ended sessions back. Moves each user's `credentialEpoch`; running nodes hear of it
 * by their feed. Resolves how many users there were. Running it again does it again.
 */
export async function endAllSessions(
  store: Store,
  { onProgress = () => {}, now = () => new Date() }: EndAllSessionsOptions = {},
): Promise<number> {
  let users = 0
  for await (const { id } of usersOf(store)) {
    await endSessionsOf(store, id, now())
    users += 1
    onProgress(users)
  }
  await record(store, 'sessions.all_ended', { count: users }, now())
  return users
}

async function endSessionsOf(store: Store, id: string, now: Date): Promise<void> {
  const user = await changeUser(store, id, ({ credentialEpoch }) => ({
    credentialEpoch: credentialEpoch + 1,
    updatedAt: now,
  }))
  if (user !== null) await endOlderSessions(store, user, now)
}

/** Marks as ended what the new credentials of the user have ended already. */
export async function endOlderSessions(store: Store, user: User, now: Date): Promise<void> {
  const keep = { id: null, credentialEpoch: user.credentialEpoch }
  await store.sessions.revokeAll(user.id, keep, 'restored_from_backup', now)
}

/** Changes a user by compare-and-set, however often others are faster; `null` when the user is gone. */
export async function changeUser(
  store: Store,
  id: string,
  patchFor: (user: User) => UserPatch,
): Promise<User | null> {
  for (;;) {
    const user = await store.users.find(id)
    if (user === null) return null
    const changed = await store.users.update(id, user.version, patchFor(user))
    if (changed !== null) return changed
  }
}
