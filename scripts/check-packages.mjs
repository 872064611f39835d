#!/usr/bin/env node
// Packs every public package and checks the tarballs the way a consumer would see them. Build first.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// What only means something inside this repository.
const WORKSPACE_ONLY = ['@latchkey/source', 'workspace:', 'catalog:']

const out = mkdtempSync(join(tmpdir(), 'packs-'))
try {
  const tarballs = publicPackages().map(pack)
  const problems = tarballs.flatMap(check)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${tarballs.length} packages checked`)
} finally {
  rmSync(out, { recursive: true, force: true })
}

function publicPackages() {
  return readdirSync('packages')
    .map((name) => join('packages', name))
    .filter((dir) => !JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).private)
}

function pack(dir) {
  const json = execFileSync('pnpm', ['pack', '--json', '--pack-destination', out], {
    cwd: dir,
    encoding: 'utf8',
  })
  return join(out, JSON.parse(json).filename.split('/').pop())
}

function check(tarball) {
  const manifest = execFileSync('tar', ['-xOf', tarball, 'package/package.json'], {
    encoding: 'utf8',
  })
  const leaks = WORKSPACE_ONLY.filter((text) => manifest.includes(text))
  const failed = [
    ['publint', 'run', tarball, '--strict'],
    ['attw', tarball, '--profile', 'esm-only', '--quiet'],
  ].filter(([command, ...args]) => spawnSync(command, args, { stdio: 'inherit' }).status !== 0)
  return [
    ...leaks.map((text) => `${tarball}: its package.json still says ${text}`),
    ...failed.map(([command]) => `${tarball}: ${command} failed`),
  ]
}
