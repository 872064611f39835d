import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { memoryStore } from '@latchkey/memory-store'
import { expect, it, onTestFinished } from 'vitest'
import { userFunctions } from '../../packages/core/src/auth/users.ts'
import { inputErrors } from '../../packages/core/src/errors.ts'
import { outcomes } from '../../packages/core/src/events.ts'
import { problems } from '../../packages/core/src/http/problem.ts'
import { routes } from '../../packages/core/src/http/routes.ts'
import { type LimitRule, limitTable } from '../../packages/core/src/limit-table.ts'
import { adminPermissions } from '../../packages/core/src/roles.ts'
import { parseOptions } from '../../packages/core/src/settings.ts'
import { ORIGIN, SECRET } from '../support/setup.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = globSync(
  ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'examples/*/*.md', 'examples/ports/*/*.md'],
  { cwd: root },
)
const read = (page: string) => readFileSync(`${root}${page}`, 'utf8')

/** The rows of the table whose head begins with this cell, each as its cells. */
function table(page: string, firstCell: string): readonly (readonly string[])[] {
  const [, rest = ''] = read(page).split(`| ${firstCell} |`)
  const [body = ''] = rest.split('\n\n')
  return body
    .split('\n')
    .slice(2)
    .filter((row) => row.startsWith('|'))
    .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map((cells) => cells.slice(1, -1))
}

it('shows only TypeScript that compiles', { timeout: 60_000 }, () => {
  // Inside the repository, so that the packages are found.
  const dir = `${root}test/.examples-of-docs`
  mkdirSync(dir, { recursive: true })
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const examples = pages.flatMap((page) =>
    [...read(page).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ''], index) => {
      const file = `${page.replaceAll('/', '-')}-${index + 1}.ts`
      writeFileSync(`${dir}/${file}`, `${code}\nexport {}\n`)
      return file
    }),
  )
  writeFileSync(
    `${dir}/tsconfig.json`,
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, lib: ['ES2024', 'DOM'] },
      include: ['*.ts'],
    }),
  )
  const { stdout } = spawnSync(`${root}node_modules/.bin/tsc`, ['-p', dir], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(examples.length).toBeGreaterThan(5)
  expect(stdout).toBe('')
})

it('shows pieces of files as they stand there', () => {
  const pieces = pages.flatMap((page) =>
    [...read(page).matchAll(/```\w+ (\S+)\n([\s\S]*?)```/g)].map(([, file = '', code = '']) => ({
      page,
      file,
      code,
    })),
  )
  const changed = pieces.filter(({ file, code }) => !read(file).includes(code))
  expect(pieces.length).toBeGreaterThan(5)
  expect(changed).toEqual([])
})

it('lists every route', () => {
  const documented = table('docs/http.md', 'method').map(([method, path]) => `${method} ${path}`)
  const served = routes.map(({ method, path }) => `${method} ${path}`)
  expect(documented.toSorted()).toEqual(served.toSorted())
})

it('lists every event', () => {
  const documented = table('docs/audit-log.md', 'event').map(([type]) => type)
  expect(documented.toSorted()).toEqual(Object.keys(outcomes).toSorted())
})

it('lists every permission that routes of ours ask for', () => {
  const documented = table('docs/administration.md', 'permission')
  expect(documented).toEqual(Object.entries(adminPermissions))
})

it('lists every function of administrators', () => {
  const documented = table('docs/administration.md', 'function').map(([name]) => name)
  const functions = Object.keys(userFunctions(Object.create(null)))
  expect(documented.toSorted()).toEqual(functions.toSorted())
})

it('lists every problem code with its status', () => {
  const documented = table('docs/http.md', 'code').map(([code, status]) => [code, status])
  const answered = Object.entries(problems).map(([code, { status }]) => [code, String(status)])
  expect(documented.toSorted()).toEqual(answered.toSorted())
})

it('lists every code of an SQL store that failed', () => {
  const documented = table('docs/sql-store.md', '`error.code`').map(([code]) => code)
  const [, union = ''] = read('packages/sql-store/src/sql-store-error.ts').split(
    'SqlStoreErrorCode =',
  )
  const codes = [...(union.split('/**')[0] ?? '').matchAll(/'(\w+)'/g)].map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(5)
  expect(documented.toSorted()).toEqual(codes.toSorted())
})

it('lists every limit with its numbers', () => {
  const duration = (seconds: number) =>
    seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`
  const rules = Object.entries<LimitRule>(limitTable)
  const expected = rules.map(([name, { counts, per, points, window, delays, source }]) => {
    const allowance = `${points}${delays ? ', then delays;' : ' in'} ${duration(window)}`
    return [name, counts, per, allowance, source]
  })
  expect(table('docs/limits.md', 'rule')).toEqual(expected)
})

it('lists every kind of message', () => {
  const documented = table('docs/messages.md', '`kind`').map(([kind]) => kind)
  const [, union = ''] = read('packages/core/src/messages.ts').split('MessageKind =')
  const kinds = [...(union.split('/**')[0] ?? '').matchAll(/'(\w+)'/g)].map(([, kind]) => kind)
  expect(kinds.length).toBeGreaterThan(5)
  expect(documented).toEqual(kinds)
})

it('lists every code of a member that is wrong, with its meaning', () => {
  const documented = table('docs/http.md', '`errors[].code`')
  const meanings = Object.entries(inputErrors).map(([code, text]) => [
    code,
    text.replaceAll('`', ''),
  ])
  expect(documented).toEqual(meanings)
})

it('lists every option of an SQL store', () => {
  const documented = table('docs/sql-store.md', 'option').flatMap(([names = '']) =>
    names.split(', '),
  )
  const options = [
    ...read('packages/sql-store/src/options.ts').matchAll(/^ {2}readonly (\w+)\??:/gm),
  ].map(([, name]) => name)
  expect(documented.toSorted()).toEqual(options.toSorted())
})

it('gives the defaults of options as they are', () => {
  const options = { store: memoryStore(), mailer: () => {}, origin: ORIGIN, secret: SECRET }
  const { settings, maxQueue } = parseOptions(options)
  const defaults: Record<string, number> = {
    lifetime: settings.accessTokenLifetime,
    idleLifetime: settings.idleLifetime,
    absoluteLifetime: settings.absoluteLifetime,
    maxPerUser: settings.maxSessionsPerUser,
    pendingLifetime: settings.pendingLifetime,
    clockTolerance: settings.clockTolerance,
    undoWindow: settings.undoWindow,
    deletionGrace: settings.deletionGrace,
    auditRetention: settings.auditRetention,
    minLength: settings.passwordMinLength,
    maxQueue,
  }
  const comments = read('packages/core/src/options.ts').matchAll(
    /@default (\d+)[^*]*\*\/\s*readonly (\w+)\?/g,
  )
  const told = Object.fromEntries([...comments].map(([, value, name]) => [name, Number(value)]))
  expect(told).toEqual(defaults)
})

it('links only to files that exist', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
      .map(([, target = '']) => new URL(target, new URL(page, `file://${root}`)))
      .filter((url) => globSync(fileURLToPath(url)).length === 0)
      .map((url) => `${page} -> ${url.pathname}`),
  )
  expect(broken).toEqual([])
})
