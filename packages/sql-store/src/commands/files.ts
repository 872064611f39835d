import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { MisuseError } from './terminal.ts'

/** A file that is read, and how long it is. */
export interface ReadFile {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly size: number
}

/** Opens a file, or says what is wrong with its name. */
export async function openFile(path: string): Promise<ReadFile> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new MisuseError(`There is no file ${path}.`)
  if (found.isDirectory()) throw new MisuseError(`${path} is a folder.`)
  return { bytes: createReadStream(path), size: found.size }
}

/** Writes a file that only its owner may read. It stands under its name when all of it is there, and not before. */
export async function writeFile(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  force: boolean,
): Promise<void> {
  const exists = await stat(path).catch(() => null)
  if (exists !== null && !force) {
    throw new MisuseError(`${path} exists: choose another name, or say --force.`)
  }
  const unfinished = `${path}.${process.pid}.unfinished`
  try {
    await pipeline(bytes, createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** The format of a file of users, by what was said or by the end of its name. */
export function formatOf(said: string | undefined, path: string | null): 'csv' | 'ndjson' {
  const format = said ?? extname(path ?? '').slice(1)
  if (format === 'csv' || format === 'ndjson') return format
  if (format === 'jsonl') return 'ndjson'
  throw new MisuseError('Which format? Say --format csv or --format ndjson.')
}
