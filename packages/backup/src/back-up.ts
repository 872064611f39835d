import type { Store } from '@latchkey/core'
import { eventsOf, usersOf } from './all-records.ts'
import { type Line, writeLines } from './lines.ts'
import { type Footer, header } from './records.ts'
import { seal } from './seal.ts'

/** How to back up. */
export interface BackUpOptions {
  /** Guards the file, which holds the hashes of all passwords. At least 15 characters. */
  readonly passphrase: string
  /**
   * How much work each guess at the passphrase is: the logarithm to base 2 of scrypt's N, from 1 to 22. One more is twice
   * the time and memory, for you too; 18 is a second and 256 MB. Lower it in tests only. @default 18
   */
  readonly workFactor?: number | undefined
  /** Whether the audit log goes along. @default true */
  readonly events?: boolean | undefined
  /** Hears how far it has come, after each record. */
  readonly onProgress?: ((progress: BackUpProgress) => void) | undefined
}

/** How many records there are so far. */
export interface BackUpProgress {
  readonly users: number
  readonly events: number
}

/**
 * All accounts with their password hashes, and the audit log, as the bytes of an encrypted file; sessions and one-time
 * tokens are not in it, since they end with a restoration. Reads page by page: memory stays the same however many there
 * are, and an account that changes meanwhile is in it as it was before or after.
 *
 * @throws BackupError `weak_passphrase`. RangeError for a `workFactor` that is none.
 */
export async function* backUp(store: Store, options: BackUpOptions): AsyncIterable<Uint8Array> {
  yield* await seal(options, writeLines(linesOf(store, options)))
}

async function* linesOf(
  store: Store,
  { events: withEvents = true, onProgress = () => {} }: BackUpOptions,
): AsyncIterable<Line> {
  let users = 0
  let events = 0
  yield { ...header, createdAt: new Date() }
  for await (const user of usersOf(store)) {
    yield { user }
    users += 1
    onProgress({ users, events })
  }
  for await (const event of withEvents ? eventsOf(store) : []) {
    yield { event }
    events += 1
    onProgress({ users, events })
  }
  const footer: Footer = { users, events }
  yield { end: footer }
}
