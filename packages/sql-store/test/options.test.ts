import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigurationError } from '@latchkey/core'
import { SqlStoreError, sqlStore } from '@latchkey/sql-store'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqlitePath } from '../src/sqlite-path.ts'
import { temporaryFolder } from './support/folder.ts'
import { runModule } from './support/node.ts'

const url = ':memory:'
const postgres = new pg.Pool()

/** Options as JavaScript may give them. */
const wrong: readonly (readonly [what: string, options: unknown, message: string])[] = [
  ['nothing', undefined, 'option "url" must be given, or else one of sqlite, postgres and mysql'],
  ['no database', {}, 'option "url" must be given'],
  ['a database that is undefined', { url: undefined }, 'option "url" must be given'],
  ['two databases', { url, postgres }, 'option "postgres" is given beside url: give one of them'],
  ['a URL alone', 'sqlite:./app.db', 'option "url" must be in an object: write { url'],
  ['an option that there is not', { url, tablePrefx: 'x_' }, 'option "tablePrefx" is not known'],
  ['an empty URL', { url: '' }, 'option "url" must be text'],
  ['a URL of spaces', { url: ' ' }, 'option "url" must be text'],
  ['null for a URL', { url: null }, 'option "url" must be text'],
  ['a URL object', { url: new URL('sqlite:x.db') }, 'option "url" must be text'],
  ['a scheme without a path', { url: 'sqlite:' }, 'option "url" must have a path after the scheme'],
  ['a host for a file', { url: 'sqlite://host/x' }, 'option "url" must have a path'],
  ['an empty prefix', { url, tablePrefix: '' }, 'option "tablePrefix" must be 1 to 32 characters'],
  ['a prefix in capitals', { url, tablePrefix: 'Latchkey_' }, 'option "tablePrefix" must be'],
  ['a prefix that is SQL', { url, tablePrefix: 'a"; drop' }, 'option "tablePrefix" must be'],
  ['a prefix that is a number', { url, tablePrefix: 7 }, 'option "tablePrefix" must be'],
  ['a prefix that begins with a digit', { url, tablePrefix: '1_' }, 'not begin with a digit'],
  ['a long prefix', { url, tablePrefix: 'x'.repeat(33) }, 'option "tablePrefix" must be 1 to 32'],
  ['a prefix with a line break', { url, tablePrefix: 'x\n' }, 'option "tablePrefix" must be'],
  ['a schema with a dot', { postgres, schema: 'a.b' }, 'option "schema" must be 1 to 32'],
  ['a schema on SQLite', { url, schema: 'auth' }, 'option "schema" is for PostgreSQL'],
  ['no connections', { url, maxConnections: 0 }, 'option "maxConnections" must be a whole number'],
  ['half a connection', { url, maxConnections: 1.5 }, 'option "maxConnections" must be a whole'],
  ['connections as text', { url, maxConnections: '5' }, 'option "maxConnections" must be a whole'],
  ['endless connections', { url, maxConnections: Infinity }, 'option "maxConnections" must be'],
  ['a limit for a pool', { postgres, maxConnections: 5 }, 'option "maxConnections" goes with url'],
  ['"no" for a flag', { postgres, preparedStatements: 'no' }, 'must be true or false'],
  ['a URL for a pool', { postgres: 'postgres://h/db' }, 'option "postgres" must be a Pool of pg'],
  ['null for a pool', { mysql: null }, 'option "mysql" must be a pool of mysql2'],
  ['a pool of another driver', { mysql: postgres }, 'option "mysql" must be a pool of mysql2'],
  ['a path for a connection', { sqlite: './x.db' }, 'option "sqlite" must be a DatabaseSync of'],
]

describe('sqlStore refuses', () => {
  it.each(wrong)('%s, and says what to do', (_, options, message) => {
    expect(() => sqlStore(options as never)).toThrow(ConfigurationError)
    expect(() => sqlStore(options as never)).toThrow(message)
  })

  it('a wrong option before it makes a file', () => {
    const path = join(temporaryFolder(), 'app.db')
    expect(() => sqlStore({ url: path, tablePrefix: '-' })).toThrow(ConfigurationError)
    expect(existsSync(path)).toBe(false)
  })

  it.each([
    'oracle://ada:s3cret@host/db',
    'postgres:ada:s3cret@host/db',
    'ada:s3cret@host/db',
    'postgres://ada:s3cret@host:99999/db',
    'postgres://ada:s3cret/@host/db',
    'mysql://ada:s3cret@host:port/db',
    'mysql://ada:s3cret%zz@host/db',
    'mariadb://ada:s3cret#@host/db',
  ])('%s, and does not repeat the password', (given) => {
    const error = thrownBy(() => sqlStore({ url: given }))
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option: 'url' })
    expect(Object.values(Object.getOwnPropertyDescriptors(error)).map(String).join()).not.toMatch(
      /s3cret/,
    )
    expect(`${error.message}${error.stack}${error.cause}`).not.toMatch(/s3cret/)
  })

  it('a folder that is not there, and a file that is no database', () => {
    const folder = temporaryFolder()
    const none = join(folder, 'none', 'app.db')
    expect(thrownBy(() => sqlStore({ url: none }))).toMatchObject({
      name: 'SqlStoreError',
      code: 'unreachable',
      message: `the SQLite database ${none} cannot be opened: its folder must exist, and this process must be able to write there`,
    })
    const text = join(folder, 'letter.txt')
    writeFileSync(text, 'Dear database,\n'.repeat(1000))
    expect(thrownBy(() => sqlStore({ url: text }))).toMatchObject({
      name: 'SqlStoreError',
      code: 'unknown_database',
      message: `${text} cannot be used as a database`,
    })
  })

  it('a file in a folder where it must not write', async () => {
    const parent = temporaryFolder()
    chmodSync(parent, 0o755)
    const folder = join(parent, 'locked')
    mkdirSync(folder, { mode: 0o555 })
    const source = `
      import { sqlStore } from '@latchkey/sql-store'
      if (process.getuid?.() === 0) process.setuid(65534)
      try { sqlStore({ url: process.env.FILE }) } catch ({ name, code }) { console.log(name, code) }`
    const { stdout } = await runModule(source, { env: { FILE: join(folder, 'app.db') } })
    expect(stdout).toBe('SqlStoreError unreachable\n')
  })
})

function thrownBy(call: () => unknown): Error {
  try {
    call()
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof SqlStoreError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a URL', () => {
  it.each([
    ['app.db', 'app.db'],
    ['./app.db', './app.db'],
    ['/data/app.db', '/data/app.db'],
    ['C:\\data\\app.db', 'C:\\data\\app.db'],
    ['c:/data/app.db', 'c:/data/app.db'],
    [':memory:', ':memory:'],
    ['sqlite::memory:', ':memory:'],
    ['sqlite:app.db', 'app.db'],
    ['sqlite:./app.db', './app.db'],
    ['sqlite:../app.db', '../app.db'],
    ['sqlite:/data/app.db', '/data/app.db'],
    ['sqlite:///data/app.db', '/data/app.db'],
    ['sqlite://./app.db', './app.db'],
    ['sqlite3:app.db', 'app.db'],
    ['SQLite:/data/app.db', '/data/app.db'],
    ['file:./app.db', './app.db'],
    ['file:///data/app.db', '/data/app.db'],
  ])('%s is the path %s', (given, path) => {
    expect(sqlitePath(given, () => new Error('refused'))).toBe(path)
  })

  it.each(['sqlite:app.db', './app.db', 'file:///FOLDER/app.db'])(
    '%s opens a file',
    async (given) => {
      const folder = temporaryFolder()
      const before = process.cwd()
      // Vitest runs each file in a process of its own.
      process.chdir(folder)
      onTestFinished(() => process.chdir(before))
      const store = sqlStore({ url: given.replace('/FOLDER', folder) })
      await store.migrate()
      await store.close()
      const db = new DatabaseSync(join(folder, 'app.db'))
      expect(db.prepare('select count(*) as n from latchkey_users').get()).toEqual({ n: 0 })
      db.close()
    },
  )
})

describe('a driver that is not installed', () => {
  it('is asked for by name, when it is needed', async () => {
    const urls = ['postgres://h/db', 'mysql://h/db', 'mariadb://h/db', 'sqlite::memory:']
    const { stdout, stderr } = await runModule(
      `import { sqlStore } from './sql-store/src/index.ts'
      for (const url of ${JSON.stringify(urls)}) {
        try { await sqlStore({ url }).close(); console.log('works') }
        catch ({ name, message }) { console.log(name, message) }
      }`,
      { cwd: withoutDrivers() },
    )
    const without = 'ConfigurationError sqlStore: option "url" is of'
    const mysql = `${without} MariaDB or MySQL, for which the package mysql2 is not installed: run npm install mysql2`
    expect(stderr).toBe('')
    expect(stdout.trim().split('\n')).toEqual([
      `${without} PostgreSQL, for which the package pg is not installed: run npm install pg`,
      mysql,
      mysql,
      'works',
    ])
  })
})

/** The package in a folder from which Node finds only what it needs at any rate. */
function withoutDrivers(): string {
  const root = join(import.meta.dirname, '..')
  const folder = temporaryFolder()
  cpSync(join(root, 'src'), join(folder, 'sql-store/src'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'sql-store/package.json'))
  mkdirSync(join(folder, 'node_modules/@latchkey'), { recursive: true })
  for (const name of ['kysely', '@latchkey/core']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  return folder
}
