#!/usr/bin/env node
// What the packages cost those who install and import them, beside others. Ends with 1 when that is more than the
// budget allows. Times are only told: on a busy machine even their ratios vary by a fifth from run to run. Build first.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conditions } from '../benchmarks/src/machine.ts'
import { count, table } from '../benchmarks/src/markdown.ts'
import { medians } from '../benchmarks/src/rounds.ts'
import { modulesOf, timeToImport } from './footprint/imports.mjs'
import { installed, weights } from './footprint/installed.mjs'
import { installProject } from './npm-project.mjs'
import { packPackages } from './packed-packages.mjs'

const ROUNDS = 15
const OURS = ['core', 'express-adapter', 'sql-store'].map((name) => `@latchkey/${name}`)
const OURS_ALONE = OURS.join(', ')
const OTHERS = ['core', 'koa-adapter', 'memory-store'].map((name) => `@latchkey/${name}`)
const DEPENDENCIES = ['jose', 'zod', '@node-rs/argon2']
const BETTER_AUTH = 'better-auth'
const BETTER_AUTH_VERSION = '1.7.7'
const PASSPORT = ['passport', 'express-session', 'jsonwebtoken', 'bcrypt']

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'footprint-'))
try {
  await footprint()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function footprint() {
  const projects = await install()
  console.log(`${conditions()}\n${versions(projects)}\n`)
  const sizes = Object.entries(projects).map(([name, project]) => ({ name, ...installed(project) }))
  console.log(`${sizeTable(sizes)}\n\n${weightTable(weights(projects[OURS_ALONE]))}\n`)
  const imports = await measured(importsIn(projects))
  console.log(`${importTable(imports)}\n`)
  judge(sizes[0], imports)
}

/** Without peers: the framework is the app's own, with ours as with the others. */
async function install() {
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  const packages = await packPackages(tarballs)
  const packed = (names) =>
    packages.filter(({ name }) => names.includes(name)).map(({ tarball }) => tarball)
  return {
    [OURS_ALONE]: await installProject(join(folder, 'ours'), packed(OURS), '--omit=peer'),
    [OTHERS.join(', ')]: await installProject(
      join(folder, 'others'),
      packed(OTHERS),
      '--omit=peer',
    ),
    [BETTER_AUTH]: await installProject(
      join(folder, 'better-auth'),
      [`${BETTER_AUTH}@${BETTER_AUTH_VERSION}`],
      '--omit=peer',
    ),
    [PASSPORT.join(', ')]: await installProject(join(folder, 'passport'), PASSPORT, '--omit=peer'),
  }
}

/** What is imported, by a name for the reader. The first is what ours is compared with, as its own dependencies. */
function importsIn(projects) {
  const [ours, others, betterAuth, passport] = Object.values(projects)
  return {
    [DEPENDENCIES.join(', ')]: { folder: ours, names: DEPENDENCIES },
    ...Object.fromEntries(OURS.map((name) => [name, { folder: ours, names: [name] }])),
    ...Object.fromEntries(OTHERS.slice(1).map((name) => [name, { folder: others, names: [name] }])),
    [BETTER_AUTH]: { folder: betterAuth, names: [BETTER_AUTH] },
    [PASSPORT.join(', ')]: { folder: passport, names: PASSPORT },
  }
}

async function measured(imports) {
  const turns = Object.entries(imports).map(([name, what]) => [name, () => timeToImport(what)])
  const times = await medians(ROUNDS, Object.fromEntries(turns))
  const modules = {}
  for (const [name, what] of Object.entries(imports)) modules[name] = await modulesOf(what)
  return Object.keys(imports).map((name) => ({ name, modules: modules[name], ms: times[name].ms }))
}

/** Tells what the budget allows, and fails when something is over it. */
function judge(size, imports) {
  const find = (name) => imports.find((each) => each.name === name)
  const [core, dependencies, betterAuth] = [OURS[0], DEPENDENCIES.join(', '), BETTER_AUTH].map(find)
  const rows = [
    ['packages that ours install', size.packages, 12],
    ['MB that ours install', megabytes(size.bytes), 23],
    ["core's modules, of its dependencies'", core.modules / dependencies.modules, 1.2],
    [`core's modules, of ${BETTER_AUTH}'s`, core.modules / betterAuth.modules, 0.45],
  ]
  const shown = rows.map(([what, value, limit]) => [what, figure(value), figure(limit)])
  console.log(table(['budget', 'is', 'at most'], shown))
  const over = rows.filter(([, value, limit]) => value > limit)
  for (const [what] of over) console.error(`over the budget: ${what}`)
  if (over.length > 0) process.exitCode = 1
}

function versions(projects) {
  return Object.values(projects)
    .flatMap((project) => {
      const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json')))
      return Object.keys(dependencies).map((name) => `${name} ${versionOf(project, name)}`)
    })
    .join(', ')
}

function versionOf(project, name) {
  return JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'))).version
}

function sizeTable(sizes) {
  const rows = sizes.map(({ name, packages, files, bytes }) => [
    name,
    String(packages),
    count(files),
    figure(megabytes(bytes)),
  ])
  return table(['installed with npm, without peers', 'packages', 'files', 'MB'], rows)
}

function weightTable(packages) {
  const rows = packages.map(({ name, files, bytes }) => [
    name,
    count(files),
    figure(megabytes(bytes)),
  ])
  return table(['what ours install', 'files', 'MB'], rows)
}

function importTable(imports) {
  const [dependencies] = imports
  const betterAuth = imports.find(({ name }) => name === BETTER_AUTH)
  const rows = imports.map(({ name, modules, ms }) => [
    name,
    count(modules),
    ms.toFixed(1),
    figure(ms / dependencies.ms),
    figure(ms / betterAuth.ms),
  ])
  const head = [
    'import in a fresh process',
    'modules',
    'ms',
    'times the first',
    `times ${BETTER_AUTH}`,
  ]
  return table(head, rows)
}

function megabytes(bytes) {
  return bytes / 1_000_000
}

function figure(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}
