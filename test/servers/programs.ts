import { existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the programs of a server may be installed: packages put some of them beside the PATH. */
export function programDirs(): string[] {
  return [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
  ]
}

/** The path of the program in the first of the directories that has it. */
export function findProgram(name: string, dirs: readonly string[]): string | undefined {
  return dirs.map((dir) => join(dir, name)).find((file) => existsSync(file))
}

const NOBODY = 65_534

/** Whether this process is root, as in many containers. */
export const isRoot = process.getuid?.() === 0

/** Database servers refuse to run as root, so under root they run as nobody. */
export const serverUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
