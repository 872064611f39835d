#!/usr/bin/env node
// Packs every public package and checks the tarballs the way a consumer would see them. Build first.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPackages } from './packed-packages.mjs'

// What only means something inside this repository.
const WORKSPACE_ONLY = ['@latchkey/source', 'workspace:', 'catalog:']

// What npm shows, or what npm and bundlers go by.
const FIELDS = ['description', 'keywords', 'license', 'type', 'engines', 'sideEffects', 'exports']

const FILES = ['package.json', 'README.md', 'LICENSE']
const OTHER_FILES =
  /^(dist\/.*\.(js|js\.map|d\.ts|d\.ts\.map)|src\/.*\.ts|THIRD-PARTY-NOTICES\.md)$/
const TESTS = /\.(test|spec)\.|(^|\/)(tests?|fixtures)\//

// npm runs them on the machine of whoever installs the package.
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare']

const out = mkdtempSync(join(tmpdir(), 'packs-'))
try {
  const packages = await packPackages(out)
  const problems = packages.flatMap(check)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${packages.length} packages checked`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(out, { recursive: true, force: true })
}

function check({ name, manifest, tarball }) {
  const problems = [...problemsOfManifest(manifest), ...problemsOfFiles(tarball), ...tools(tarball)]
  return problems.map((problem) => `${name}: ${problem}`)
}

function problemsOfManifest(manifest) {
  const text = JSON.stringify(manifest)
  const leaks = WORKSPACE_ONLY.filter((words) => text.includes(words))
  const missing = FIELDS.filter((field) => isEmpty(manifest[field]))
  const scripts = INSTALL_SCRIPTS.filter((script) => manifest.scripts?.[script] !== undefined)
  return [
    ...leaks.map((words) => `its package.json still says ${words}`),
    ...missing.map((field) => `its package.json has no ${field}`),
    ...(manifest.engines?.node === undefined ? ['its engines do not name node'] : []),
    ...scripts.map((script) => `installing it would run its script ${script}`),
  ]
}

/** A `false` is an answer, too. */
function isEmpty(value) {
  return value === undefined || value === '' || value?.length === 0
}

function problemsOfFiles(tarball) {
  const files = execFileSync('tar', ['-tf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((file) => file.replace('package/', ''))
  const missing = FILES.filter((file) => !files.includes(file))
  const surplus = files.filter((file) => TESTS.test(file) || !isExpected(file))
  return [
    ...missing.map((file) => `it ships without ${file}`),
    ...surplus.map((file) => `it ships ${file}, which nobody needs`),
  ]
}

function isExpected(file) {
  return FILES.includes(file) || OTHER_FILES.test(file)
}

function tools(tarball) {
  return [
    ['publint', 'run', tarball, '--strict'],
    ['attw', tarball, '--profile', 'esm-only', '--quiet'],
  ]
    .filter(([command, ...args]) => spawnSync(command, args, { stdio: 'inherit' }).status !== 0)
    .map(([command]) => `${command} failed`)
}
