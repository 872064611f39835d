import type { EventRecord, Store, UniqueViolation, User } from '@latchkey/core'
import { BackupError } from './backup-error.ts'
import { changeUser, endOlderSessions } from './end-all-sessions.ts'
import { type Line, readLines } from './lines.ts'
import { record } from './record-event.ts'
import { checkHeader, type Footer, revive } from './records.ts'
import { unseal } from './seal.ts'

/** How to restore. */
export interface RestoreOptions {
  readonly passphrase: string
  /** Reads and checks the whole file, and writes nothing. @default false */
  readonly dryRun?: boolean | undefined
  /** Hears how far it has come, after each record. */
  readonly onProgress?: ((progress: { users: number; events: number }) => void) | undefined
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined
}

/** An account that was not restored, because one of its identifiers belongs to another account now. */
export interface RestoreConflict {
  readonly userId: string
  readonly field: UniqueViolation['field']
}

/** What was restored, or would be. */
export interface RestoreReport {
  readonly users: number
  readonly events: number
  readonly conflicts: readonly RestoreConflict[]
}

const BATCH = 500

/**
 * Puts the accounts of a backup back as they were, by id: those that were deleted or pruned since come back, those that
 * are newer than the backup stay as they are. Each restored account has a `credentialEpoch` above the stored and the restored one, and all its sessions end: no
 * token from before is accepted afterwards. Running it again, also after it broke off, is safe.
 *
 * @throws BackupError `wrong_passphrase`, `not_a_backup`, `newer_format`; `damaged` when the file breaks off or was
 * tampered with: what came before is restored then, so try `dryRun` first.
 */
export async function restore(
  store: Store,
  source: AsyncIterable<Uint8Array>,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { dryRun = false, onProgress = () => {}, now = () => new Date() } = options
  const conflicts: RestoreConflict[] = []
  const count = { users: 0, events: 0 }
  let events: EventRecord[] = []
  const flush = async () => {
    if (!dryRun && events.length > 0) await store.events.append(events)
    events = []
  }
  for await (const line of linesOf(unseal(options.passphrase, source))) {
    if ('user' in line) {
      if (!dryRun) conflicts.push(...(await restoreUser(store, revive<User>(line.user), now())))
      count.users += 1
    } else if ('event' in line) {
      events.push(revive<EventRecord>(line.event))
      if (events.length === BATCH) await flush()
      count.events += 1
    }
    onProgress({ ...count })
  }
  await flush()
  const report = { ...count, conflicts }
  if (!dryRun) {
    await record(store, 'users.restored', { count: count.users - conflicts.length }, now())
  }
  return report
}

/** Every line between the header and the footer. */
async function* linesOf(plain: AsyncIterable<Uint8Array>): AsyncIterable<Line> {
  let isFirst = true
  let end: Footer | null = null
  for await (const line of readLines(plain)) {
    if (isFirst) checkHeader(line)
    else if ('end' in line) end = line.end as Footer
    else yield line
    isFirst = false
  }
  if (isFirst) checkHeader(undefined)
  if (end === null) throw new BackupError('damaged', 'the backup breaks off')
}

async function restoreUser(store: Store, user: User, now: Date): Promise<RestoreConflict[]> {
  try {
    const restored = (await overwrite(store, user, now)) ?? (await bringBack(store, user, now))
    await endOlderSessions(store, restored, now)
    return []
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return [{ userId: user.id, field: error.field }]
  }
}

/** By name: the store may come with a copy of the core of its own. */
function isUniqueViolation(error: unknown): error is UniqueViolation {
  return error instanceof Error && error.name === 'UniqueViolation'
}

/** Never lowers a counter: what was signed under a higher one would come to life again. */
function overwrite(store: Store, user: User, now: Date): Promise<User | null> {
  const { id, createdAt, version, failedLogins, lockedUntil, ...rest } = user
  return changeUser(store, id, (stored) => {
    // Whether to go is for the owner to say, and they may have said so since.
    const deleteAfter = stored.status === 'deleted' ? user.deleteAfter : stored.deleteAfter
    return {
      ...rest,
      deleteAfter,
      credentialEpoch: Math.max(stored.credentialEpoch, user.credentialEpoch) + 1,
      claimsVersion: Math.max(stored.claimsVersion, user.claimsVersion) + 1,
      leavingAdmin: isLeaving({ deleteAfter }),
      updatedAt: now,
    }
  })
}

async function bringBack(store: Store, user: User, now: Date): Promise<User> {
  const restored: User = {
    ...user,
    credentialEpoch: user.credentialEpoch + 1,
    claimsVersion: user.claimsVersion + 1,
    failedLogins: 0,
    lockedUntil: null,
    leavingAdmin: isLeaving(user),
    updatedAt: now,
  }
  await store.users.insert(restored)
  return restored
}

/** Whoever waits for the deletion of their account is no administrator that remains, then as now. */
function isLeaving({ deleteAfter }: Pick<User, 'deleteAfter'>): boolean {
  return deleteAfter !== null
}
