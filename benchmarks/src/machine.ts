import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** What the figures depend on. */
export function conditions(): string {
  return `Node ${process.version}, ${availableParallelism()} cores, ${process.platform} ${process.arch}, commit ${commit()}`
}

function commit(): string {
  try {
    return git('describe', '--always', '--dirty')
  } catch {
    return 'unknown'
  }
}

function git(...args: readonly string[]): string {
  const options = { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' } as const
  return execFileSync('git', args, options).trim()
}
