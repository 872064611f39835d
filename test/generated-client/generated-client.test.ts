import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Host, hosts } from '../support/hosts.ts'
import type { Setup } from '../support/setup.ts'
import type { live, NextCode } from './program/life.ts'

const here = import.meta.dirname
const timeout = 120_000
const place = 'at /api/auth before a body parser, on memory'
const served = ['Express 5', 'Koa 3'].map((framework) => hostNamed(`${framework} ${place}`))

// Beside this file, where the packages of this folder are found.
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(here, '.generated-'))
})
afterAll(() => rm(folder, { recursive: true }))

// The document is the same on every host, and the compiler takes its time.
let compiled: ReturnType<typeof compileAll> | undefined

describe('a client with types that are generated from the document', () => {
  for (const host of served) {
    it(`lives the life of an account, on ${host.name}`, { timeout }, async () => {
      compiled ??= compileAll()
      await compiled
      const file = pathToFileURL(join(folder, 'life.js')).href
      const program: { live: typeof live } = await import(file)
      const setup = await host.setUp()
      const { url } = await host.serve(setup.auth)
      expect(await program.live(url + host.base, codesOf(setup))).toEqual(life)
      expect(setup.errors).toEqual([])
    })
  }

  it('compiles, and does not with a mistake', { timeout }, async () => {
    compiled ??= compileAll()
    const lines = (await readFile(join(here, 'program', 'mistakes.ts'), 'utf8')).split('\n')
    const wrong = lines.flatMap((line, at) =>
      line.endsWith('// mistake') ? [`mistakes.ts:${at + 1}`] : [],
    )
    expect(wrong).toHaveLength(10)
    expect(await compiled).toEqual(wrong)
  })
})

function hostNamed(wanted: string): Host {
  const host = hosts.find(({ name }) => name === wanted)
  if (host === undefined) throw new Error(`there is no ${wanted}`)
  return host
}

/** Compiles the programs with types that are generated from a running host. Resolves what is wrong, as `life.ts:12`. */
async function compileAll(): Promise<readonly string[]> {
  const [host] = served as [Host]
  const { auth } = await host.setUp()
  const { url } = await host.serve(auth)
  const types = join(folder, 'accounts.ts')
  const generator = join(here, 'node_modules/openapi-typescript/bin/cli.js')
  await run(generator, `${url}${host.base}/openapi.json`, '--output', types)
  for (const name of programs) {
    const text = await readFile(join(here, 'program', name), 'utf8')
    await writeFile(join(folder, name), text.replace('// @ts-nocheck', '//'))
  }
  return compile(programs.map((name) => join(folder, name)))
}

const programs = ['life.ts', 'mistakes.ts']

const options = [
  ...['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
  ...['--skipLibCheck', 'false', '--rewriteRelativeImportExtensions'],
  ...['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom', '--types', 'null'],
]

async function compile(files: readonly string[]): Promise<readonly string[]> {
  const compiler = join(here, 'node_modules/typescript/bin/tsc')
  const output = await run(compiler, ...options, ...files)
  return output
    .split('\n')
    .filter((line) => line.includes('error TS'))
    .map((line) => {
      const [, file, at] = /([\w-]+\.ts)\((\d+),\d+\)/.exec(line) ?? []
      return file === undefined ? line : `${file}:${at}`
    })
}

/** Resolves what the script prints, however it ends. */
function run(script: string, ...input: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...input], { cwd: here }, (_error, stdout, stderr) => {
      resolve(stdout + stderr)
    })
  })
}

function codesOf({ outbox }: Setup): NextCode {
  return async (kind) => (await outbox.next(kind, 'ada@example.com')).code ?? ''
}

const life = [
  'register: 202',
  'log in too early: 403',
  'open the message that we have sent you',
  'activate ada@example.com: 200',
  'log in: 200',
  'log in: 200',
  'read ada@example.com, user: 200',
  'list that and this: 200',
  'refresh: 200',
  'change to a short password: 422',
  '/newPassword password_too_short',
  'change the password: 200',
  'log in: 200',
  'end that session: 204',
  'end it again, not_found: 404',
  'end the others: 204',
  'forget the password: 202',
  'reset the password: 204',
  'log in: 200',
  'log out: 204',
  'revoke: 200',
  'read the account, invalid_token: 401',
]
