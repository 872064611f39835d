import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'

// What npm says when there is no way to the registry, and its cache does not hold all that it needs.
const UNREACHABLE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTCACHED)\b/

// npm would try for minutes, and say nothing.
const SHORT = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=1000']
const OPTIONS = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...SHORT]

const run = promisify(execFile)
const running = new Set()

/** Without the registry nothing can be said about what npm installs. */
export class RegistryUnreachable extends Error {
  constructor(code) {
    super(`npm cannot reach its registry (${code}): this check needs a network`)
  }
}

/** Installs with npm what the specifiers name, into a new and empty project. Resolves to its folder. */
export async function installProject(folder, specifiers, ...options) {
  mkdirSync(folder)
  writeFileSync(`${folder}/package.json`, '{ "private": true, "type": "module" }\n')
  await npm('npm', ['install', ...OPTIONS, ...options, ...specifiers], folder)
  return folder
}

/** The path of another version of Node.js, which npx fetches when it is not in its cache. */
export async function nodeProgram(version) {
  const program = ['node', '-p', 'process.execPath']
  const args = ['--yes', ...OPTIONS, '--package', `node@${version}`, '--', ...program]
  const { stdout } = await npm('npx', args)
  return stdout.trim()
}

/** Ends the installations that are under way, because nobody waits for them any more. */
export function stopInstalling() {
  for (const child of running) child.kill()
}

async function npm(command, args, cwd) {
  try {
    return await start(command, args, cwd)
  } catch (error) {
    const code = unreachable(error) ?? (await ping())
    throw code === null ? error : new RegistryUnreachable(code)
  }
}

/** Tells why there is no way to the registry, or `null`. Where that fails, npm may blame a conflict of versions. */
async function ping() {
  try {
    await start('npm', ['ping', ...OPTIONS])
    return null
  } catch (error) {
    return unreachable(error)
  }
}

function unreachable({ stderr }) {
  return UNREACHABLE.exec(stderr)?.[0] ?? null
}

async function start(command, args, cwd) {
  // On Windows npm is a script, which only a shell runs.
  const shell = process.platform === 'win32'
  const started = run(command, args, { cwd, shell, env: ownEnvironment() })
  running.add(started.child)
  try {
    return await started
  } finally {
    running.delete(started.child)
  }
}

/** Without what npm or pnpm tell the scripts that they run of the project they run them in. */
function ownEnvironment() {
  const ofThisProject = /^npm_(package|lifecycle|config_(local_prefix|prefix|verify_deps))/i
  const entries = Object.entries(process.env).filter(([name]) => !ofThisProject.test(name))
  return Object.fromEntries(entries)
}
