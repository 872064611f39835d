import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const FOLDER = `${import.meta.dirname}/../peers`

const run = promisify(execFile)

interface PackageJson {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** Installs the libraries that we are compared with, in a folder of their own, unless they are there. */
export async function installPeers(): Promise<void> {
  const { dependencies } = read(`${FOLDER}/package.json`)
  const missing = Object.entries(dependencies).some(
    ([name, version]) => installed(name) !== version,
  )
  if (!missing) return
  console.error('Installing the libraries to compare with …')
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER })
}

/** Which versions are measured. */
export function peerVersions(): string {
  const { dependencies } = read(`${FOLDER}/package.json`)
  return Object.keys(dependencies)
    .map((name) => `${name} ${installed(name)}`)
    .join(', ')
}

function installed(name: string): string | null {
  const file = `${FOLDER}/node_modules/${name}/package.json`
  return existsSync(file) ? read(file).version : null
}

function read(file: string): PackageJson {
  return JSON.parse(readFileSync(file, 'utf8'))
}
