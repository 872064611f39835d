import { constants, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { backUp } from '@latchkey/backup'
import { type Actor, type Auth, AuthError, type Client, type Store } from '@latchkey/core'

export interface BackupOptions {
  readonly auth: Auth
  readonly store: Store
  /** The folder for backups. It is made when it is missing, for its owner alone. */
  readonly folder: string
  /** Guards the encrypted files. At least 15 characters. */
  readonly passphrase: string
  /** How many backups stay. @default 30 */
  readonly keep?: number | undefined
  /** See `backUp`. @default 18 */
  readonly workFactor?: number | undefined
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined
}

/** A folder of backups, each a folder with two files: the accounts to read, and all there is, to restore. */
export interface Backups {
  /** Writes a backup, deletes the oldest, and resolves its name. Throws `overloaded` while it writes another. */
  write(by: Actor, client: Client): Promise<string>
  /** The CSV of the newest one. Throws `not_found` when there is none. */
  readCsv(): Promise<AsyncIterable<Uint8Array>>
}

const CSV = 'accounts.csv'
const RESTORABLE = 'accounts.age'

export function createBackups(options: BackupOptions): Backups {
  const { folder, keep = 30 } = options
  let isWriting = false
  return {
    async write(by, client) {
      // Each takes a second of one processor, and 256 MB.
      if (isWriting) throw new AuthError('overloaded', { retryAfter: 5 })
      isWriting = true
      try {
        const name = await writeBackup(options, by, client)
        // By their names: after the clock was put back, others seem newer than the one that was just written.
        const others = (await listBackups(folder)).filter((other) => other !== name)
        const outdated = others.slice(0, Math.max(0, others.length + 1 - keep))
        for (const old of outdated) await rm(join(folder, old), { recursive: true, force: true })
        return name
      } finally {
        isWriting = false
      }
    },
    async readCsv() {
      for (const name of (await listBackups(folder)).toReversed()) {
        const file = await openCsv(join(folder, name, CSV))
        if (file !== null) return file.createReadStream() // stays readable when the backup is deleted
      }
      throw new AuthError('not_found')
    },
  }
}

/** Two files that appear together under their name, or not at all. */
async function writeBackup(
  { auth, store, folder, passphrase, workFactor, now = () => new Date() }: BackupOptions,
  by: Actor,
  client: Client,
): Promise<string> {
  const time = now().toISOString().replaceAll(':', '-')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unfinished = await mkdtemp(join(folder, `.${time}-`)) // random at its end: no two are called alike
  try {
    // First the CSV: asks the store whether `by` may have it, and tells the audit log.
    await writeFile(join(unfinished, CSV), auth.exportUsers(by, { format: 'csv' }, client))
    await writeFile(join(unfinished, RESTORABLE), backUp(store, { passphrase, workFactor }))
    const name = basename(unfinished).slice(1)
    await rename(unfinished, join(folder, name))
    return name
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}

function writeFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  return pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
}

/** Resolves `null` where there is none, for somebody is deleting that backup or it is none of ours. */
async function openCsv(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(Object(error).code)) return null
    throw error
  }
}

const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-\w{6}$/

/** Those that are finished, the oldest first. */
async function listBackups(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => NAME.test(name)).sort()
}
