import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

// What a file takes on most file systems is a multiple of this. Counted here, so that it is the same everywhere.
const BLOCK = 4096

/** What npm has put into the project: how many packages and files, and how many bytes of a disk they take. */
export function installed(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json')))
  const files = filesIn(join(folder, 'node_modules'))
  return { packages: Object.keys(packages).length, files: files.length, bytes: onDisk(files) }
}

/** The bytes of each package that stands on the first level, the heaviest first. */
export function weights(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json')))
  return Object.keys(packages)
    .filter((path) => path.lastIndexOf('node_modules/') === 0)
    .map((path) => {
      const files = filesIn(join(folder, path))
      return { name: path.replace('node_modules/', ''), files: files.length, bytes: onDisk(files) }
    })
    .sort((one, other) => other.bytes - one.bytes)
}

/** Without what npm itself keeps there. */
function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.package-lock.json')
    .map((entry) => join(entry.parentPath, entry.name))
}

function onDisk(files) {
  return files.reduce((sum, file) => sum + Math.ceil(statSync(file).size / BLOCK) * BLOCK, 0)
}
