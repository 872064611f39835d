import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRoot, serverUser } from './programs.ts'

/** A directory for one server. */
export interface ServerDirectory {
  readonly path: string
  /** The directory in it for the data. */
  readonly data: string
  /** Names the process that must not outlive this one. It takes the place of the one named before. */
  guard(pid: number | undefined): void
  /** Removes the directory. The server must have ended. */
  remove(): Promise<void>
}

/**
 * Makes a directory that goes, with the server in it, when this process ends.
 * With a size, the data has a disk of its own; `undefined` where this process may not mount one.
 */
export async function makeServerDirectory(
  name: string,
  diskMegabytes?: number,
): Promise<ServerDirectory | undefined> {
  const path = mkdtempSync(join(tmpdir(), `latchkey-${name}-`))
  const data = join(path, 'data')
  mkdirSync(data)
  const directory = { path, data, ...guardDirectory(path) }
  if (diskMegabytes !== undefined && !mountDisk(data, diskMegabytes)) {
    await directory.remove()
    return undefined
  }
  for (const dir of [path, data]) handOver(dir)
  return directory
}

function mountDisk(path: string, megabytes: number): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]
  return isRoot && spawnSync('mount', options).status === 0
}

function handOver(dir: string): void {
  if (serverUser.uid !== undefined) chownSync(dir, serverUser.uid, serverUser.gid)
}

// A test process is often ended by a signal, so that no exit hook of its own runs. But its end of a pipe closes
// in any case. What stands on the last line is the process to kill; an empty line says that it has ended.
const GUARD = `
  while read -r line; do pid=$line; done
  if [ -n "$pid" ]; then pkill -KILL -P "$pid"; kill -KILL "$pid"; fi
  umount -l "$1/data"
  rm -rf "$1" || { sleep 1; rm -rf "$1"; }
`

function guardDirectory(path: string): Pick<ServerDirectory, 'guard' | 'remove'> {
  // Detached: a Ctrl-C at the terminal must not end it.
  const watcher = spawn('sh', ['-c', GUARD, 'sh', path], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const closed = new Promise<void>((resolve) => watcher.once('close', () => resolve()))
  return {
    guard(pid) {
      watcher.stdin.write(`${pid ?? ''}\n`)
    },
    remove() {
      if (watcher.stdin.writable) watcher.stdin.end('\n')
      return closed
    },
  }
}
