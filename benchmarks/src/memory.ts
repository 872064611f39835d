import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Effort } from './effort.ts'
import { count, table } from './markdown.ts'
import { keepResult } from './results.ts'

const run = promisify(execFile)

/** What {@link memory} measures, in bytes. */
export interface MemoryFigures {
  readonly tokens: number
  readonly cached: number
  /** As many again: they push out others. */
  readonly beyond: number
}

/** What the tokens that a node remembers take. */
export async function memory(effort: Effort): Promise<string> {
  const program = [
    '--expose-gc',
    '--conditions=@latchkey/source',
    `${import.meta.dirname}/memory/cached-tokens.ts`,
    `${effort.cachedTokens}`,
  ]
  const { stdout } = await run(process.execPath, program, { maxBuffer: 1024 * 1024 })
  const figures: MemoryFigures = JSON.parse(stdout)
  await keepResult('memory', effort, figures)
  const { tokens, cached, beyond } = figures
  return table(
    ['memory of one node', 'MB', 'bytes a token'],
    [
      [`${count(tokens)} tokens remembered`, mega(cached), count(cached / tokens)],
      [`after ${count(tokens)} more`, mega(beyond), count(beyond / tokens)],
    ],
  )
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
