#!/usr/bin/env node
// node scripts/run.mjs [command] [args...]
//
// Installs the workspace and runs <command> from node_modules/.bin. If the machine's Node.js is too old
// or pnpm is missing, npx fetches them from the npm registry into its cache; nothing is installed
// globally. Plain JavaScript for Node.js 18+, so that an old Node.js can start it.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE = 'node@24'
const MIN_NODE = [22, 18]

const root = fileURLToPath(new URL('..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pnpmMajor = packageManager.match(/^pnpm@(\d+)\./)[1]
const shell = process.platform === 'win32'
const env = { ...process.env }

const missing = toolsToFetch()
if (missing.length > 0) env.PATH = pathWith(missing)
env.PATH = [join(root, 'node_modules', '.bin'), env.PATH].join(delimiter)

const [command, ...args] = process.argv.slice(2)
process.exitCode = await run('pnpm', ['install', '--frozen-lockfile', '--loglevel', 'warn'])
if (process.exitCode === 0 && command !== undefined) process.exitCode = await run(command, args)

function toolsToFetch() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const oldNode = major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])
  const pnpm = spawnSync('pnpm', ['--version'], { cwd: root, shell, encoding: 'utf8' })
  const noPnpm = pnpm.stdout?.split('.')[0] !== pnpmMajor
  return [...(oldNode ? [NODE] : []), ...(noPnpm ? [packageManager] : [])]
}

/** The PATH under which npx would run a command that needs these packages. */
function pathWith(packages) {
  console.error(`Using ${packages.join(' and ')} from npx (downloaded the first time)...`)
  const options = packages.flatMap((name) => ['--package', name])
  const npx = spawnSync('npx', ['--yes', ...options, '--', 'node', '-p', 'process.env.PATH'], {
    cwd: root,
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, npm_config_loglevel: 'error' },
  })
  if (npx.status !== 0) throw new Error(`npx could not provide ${packages.join(' and ')}`)
  return npx.stdout.trim()
}

/** Resolves to the exit status. A terminal sends Ctrl-C to the child too; other signals are passed on. */
function run(file, args) {
  const child = spawn(file, args, { cwd: root, env, stdio: 'inherit', shell })
  const ignore = () => {}
  const pass = (signal) => child.kill(signal)
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}
