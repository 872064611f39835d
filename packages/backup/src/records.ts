import type { EventRecord, User } from '@latchkey/core'
import { BackupError } from './backup-error.ts'
import type { Line } from './lines.ts'

/** The first line of every backup. */
export const header = { format: 'latchkey-backup', version: 1 } as const

/** The last line: a file without one breaks off. */
export interface Footer {
  readonly users: number
  readonly events: number
}

const dates: readonly string[] = [
  'emailVerifiedAt',
  'phoneVerifiedAt',
  'lockedUntil',
  'deleteAfter',
  'createdAt',
  'updatedAt',
  'at',
] satisfies readonly (keyof User | keyof EventRecord)[]

/** Makes a record again of what `JSON.stringify` made of one. */
export function revive<Rec extends User | EventRecord>(value: unknown): Rec {
  const members = Object.entries(Object(value)).map(([name, member]) => [
    name,
    dates.includes(name) && typeof member === 'string' ? new Date(member) : member,
  ])
  return Object.fromEntries(members) as Rec
}

/** Refuses what is no backup, and what a newer version made. */
export function checkHeader(line: Line | undefined): void {
  if (line?.format !== header.format) {
    throw new BackupError('not_a_backup', 'this is no backup of Latchkey')
  }
  if (line.version !== header.version) {
    throw new BackupError(
      'newer_format',
      'the backup was made by a newer version of @latchkey/backup: install that version',
    )
  }
}
