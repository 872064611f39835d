import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The path of a database that is not there yet, in a folder that is removed when the test ends. */
export function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-lmdb-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'accounts.db')
}
