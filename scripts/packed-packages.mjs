import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

/** Packs every public package into the folder. Resolves to `{ name, manifest, tarball }` of each. */
export async function packPackages(folder) {
  const directories = publicPackages()
  directories.forEach(demandBuild)
  return Promise.all(directories.map((directory) => pack(directory, folder)))
}

/** The names of its entries as a program imports them, such as `@latchkey/core/node`. */
export function entriesOf({ name, manifest }) {
  return Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => name + path.slice(1))
}

function publicPackages() {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((directory) => !JSON.parse(readFileSync(join(directory, 'package.json'))).private)
}

function demandBuild(directory) {
  if (existsSync(join(directory, 'dist'))) return
  throw new Error(`packages/${basename(directory)} is not built: run "npm run build" first`)
}

async function pack(directory, folder) {
  const options = { cwd: directory }
  const packed = await run('pnpm', ['pack', '--json', '--pack-destination', folder], options)
  const tarball = join(folder, basename(JSON.parse(packed.stdout).filename))
  const { stdout } = await run('tar', ['-xOf', tarball, 'package/package.json'])
  const manifest = JSON.parse(stdout)
  return { name: manifest.name, manifest, tarball }
}
