import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRoot, serverUser } from './programs.ts'

/** A directory for the files of one server. */
export interface ServerDirectory {
  readonly path: string
  /** Names the process that must not outlive this one. It takes the place of the one named before. */
  guard(pid: number | undefined): void
  /** Removes the directory. The server must have ended. */
  remove(): Promise<void>
}

/**
 * Makes a directory that goes, with the server in it, when this process ends.
 * With a size it is a file system of its own; `undefined` where this process may not mount one.
 */
export function makeServerDirectory(name: string, megabytes?: number): ServerDirectory | undefined {
  const path = mkdtempSync(join(tmpdir(), `latchkey-${name}-`))
  if (megabytes !== undefined && !mountDisk(path, megabytes)) {
    rmdirSync(path)
    return undefined
  }
  if (serverUser.uid !== undefined) chownSync(path, serverUser.uid, serverUser.gid)
  return guardedDirectory(path)
}

function mountDisk(path: string, megabytes: number): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]
  return isRoot && spawnSync('mount', options).status === 0
}

// A test process is often ended by a signal, so that no exit hook of its own runs. But its end of a pipe closes
// in any case. What stands on the last line is the process to kill; an empty line says that it has ended.
const GUARD = `
  while read -r line; do pid=$line; done
  if [ -n "$pid" ]; then pkill -KILL -P "$pid"; kill -KILL "$pid"; fi
  umount -l "$1"
  rm -rf "$1" || { sleep 1; rm -rf "$1"; }
`

function guardedDirectory(path: string): ServerDirectory {
  // Detached: a Ctrl-C at the terminal must not end it.
  const guard = spawn('sh', ['-c', GUARD, 'sh', path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const closed = new Promise<void>((resolve) => guard.once('close', () => resolve()))
  return {
    path,
    guard(pid) {
      guard.stdin.write(`${pid ?? ''}\n`)
    },
    remove() {
      guard.stdin.end('\n')
      return closed
    },
  }
}
