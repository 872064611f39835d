import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../../../test/servers/own-server.ts'
import { kinds, postgres } from './support/databases.ts'
import { blankForTest, PASSWORD } from './support/faults.ts'
import { temporaryFolder } from './support/folder.ts'
import { latchkey } from './support/latchkey.ts'
import { runNode } from './support/node.ts'

// Some start the program, several times.
vi.setConfig({ testTimeout: 30_000 })

const NAMES = ['0001-first-tables', '0002-administration']
const DONE = NAMES.map((name) => `${name}: done\n`).join('')
const UP_TO_DATE = 'Nothing to do: the tables are up to date.\n'

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`latchkey on ${kind.name}`, () => {
    it('migrates, and tells what was done', async () => {
      const { url } = await blankForTest(kind)
      const migrate = () => latchkey(`migrate --url ${url}`)
      expect(await migrate()).toEqual({ status: 0, stdout: DONE, stderr: '' })
      expect(await migrate()).toEqual({ status: 0, stdout: UP_TO_DATE, stderr: '' })
    })

    it('tells the status, and ends with 1 while something is missing', async () => {
      const { url, query } = await blankForTest(kind)
      const status = () => latchkey(`status --url ${url}`)
      const missing = NAMES.map((name) => `${name}: missing: run latchkey migrate\n`).join('')
      expect(await status()).toEqual({ status: 1, stdout: missing, stderr: '' })
      await latchkey(`migrate --url ${url}`)
      expect(await status()).toEqual({
        status: 0,
        stdout: expect.stringMatching(
          new RegExp(
            `^${NAMES.map((name) => `${name}: \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\n`).join('')}$`,
          ),
        ),
        stderr: '',
      })
      await query(`insert into latchkey_migrations values ('9999-new', '2040-01-01T00:00:00.000Z')`)
      const after = await status()
      expect(after.status).toBe(1)
      expect(after.stdout).toContain(
        '9999-new: 2040-01-01T00:00:00.000Z, by a newer version of @latchkey/sql-store\n',
      )
    })

    it('prints statements that can be run', async () => {
      const { url, load, query } = await blankForTest(kind)
      const plan = () => latchkey(`migrate --dry-run --url ${url} --table-prefix mine_`)
      const { status, stdout, stderr } = await plan()
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      await load(stdout)
      expect(await query('select id from mine_users')).toEqual([])
      expect(await latchkey(`migrate --url ${url} --table-prefix mine_`)).toMatchObject({
        stdout: DONE,
      })
      // A comment: what is printed may always be given to a client of the database.
      expect(await plan()).toEqual({ status: 0, stdout: `-- ${UP_TO_DATE}`, stderr: '' })
    })
  })
}

describe('latchkey', () => {
  const inFolder = () => {
    const folder = temporaryFolder()
    return { url: `sqlite:${join(folder, 'app.db')}`, other: `sqlite:${join(folder, 'other.db')}` }
  }

  it('reads the database from DATABASE_URL, unless --url says another', async () => {
    const { url, other } = inFolder()
    const env = { DATABASE_URL: other }
    expect(await latchkey(`migrate --url=${url}`, env)).toMatchObject({ status: 0, stdout: DONE })
    expect(await latchkey('status', env)).toMatchObject({ status: 1 })
    expect(await latchkey('migrate', env)).toMatchObject({ status: 0, stdout: DONE })
    expect(await latchkey('status', env)).toMatchObject({ status: 0 })
  })

  it('takes the prefix of the tables', async () => {
    const { url } = inFolder()
    await latchkey(`migrate --url ${url} --table-prefix mine_`)
    expect(await latchkey(`status --url ${url}`)).toMatchObject({ status: 1 })
    const db = new DatabaseSync(url.replace('sqlite:', ''))
    onTestFinished(() => db.close())
    expect(db.prepare('select id from mine_users').all()).toEqual([])
  })

  it.each([
    ['', 'Which command?'],
    ['migrat', 'There is no command migrat.'],
    ['toString', 'There is no command toString.'],
    ['migrate status', 'What is status? One command at a time.'],
    ['migrate --json', 'latchkey migrate takes no --json.'],
    ['users', 'Which command: users list, users create, users export, users import'],
    ['users drop', 'There is no command users drop: there are users list'],
    ['users import', 'Which one? latchkey users import <file>'],
    ['users import a.csv b.csv', 'What is b.csv? One at a time.'],
    ['users import none.csv --url :memory:', 'There is no file none.csv.'],
    ['users import none.txt --url :memory:', 'Say --format csv or --format ndjson.'],
    ['users list --limit 0 --url :memory:', '--limit must be a whole number above 0.'],
    ['users list --app ./none.js', 'There is no module ./none.js.'],
    ['users list --identifiers mail --url :memory:', '"mail" is none of email, username, phone.'],
    ['users restore none.age --url :memory:', 'There is no file none.age.'],
    ['keys', 'Which command: keys generate?'],
    ['keys rotate', 'There is no command keys rotate: there are keys generate.'],
    ['keys generate --alg RS256', 'Say --alg EdDSA or --alg ES256.'],
    ['keys generate --url :memory:', 'latchkey keys generate takes no --url.'],
    ['secret --alg ES256', 'latchkey secret takes no --alg.'],
    ['migrate --alg ES256', 'latchkey migrate takes no --alg.'],
    ['migrate --url', "Option '--url <value>' argument missing"],
    ['migrate --uri sqlite:x.db', "Unknown option '--uri'"],
    ['migrate --dry-run=yes', "Option '--dry-run' does not take an argument"],
    ['migrate', 'Which database? Give --url, or set DATABASE_URL.'],
    ['status', 'Which database? Give --url, or set DATABASE_URL.'],
    ['migrate --url :memory: --table-prefix A-', 'option "tablePrefix" must be 1 to 32 characters'],
    ['migrate --url :memory: --schema auth', 'option "schema" is for PostgreSQL'],
    ['migrate --url oracle://ada:s3cret@h/db', 'has the scheme "oracle", which is none of sqlite:'],
    ['migrate --url postgres://ada:s3cret@h:99999/db', 'option "url" cannot be read'],
  ])('ends with 2 for "%s", and says what is wrong', async (line, message) => {
    const { status, stdout, stderr } = await latchkey(line)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('s3cret')
  })

  it('hints at --help, which explains everything', async () => {
    expect((await latchkey('what')).stderr).toContain('See latchkey --help.')
    const help = await latchkey('--help')
    expect(help).toMatchObject({ status: 0, stderr: '' })
    for (const word of [
      'migrate',
      'status',
      'users import',
      'users backup',
      'sessions end-all',
      '--url',
      'DATABASE_URL',
      '--schema',
      '--table-prefix',
    ]) {
      expect(help.stdout).toContain(word)
    }
    expect(await latchkey('-h')).toEqual(help)
  })

  it('explains a command and its options', async () => {
    const help = await latchkey('users import --help')
    expect(help).toMatchObject({ status: 0, stderr: '' })
    for (const word of ['users import <file>', '--dry-run', '--if-exists', '--url', '--app']) {
      expect(help.stdout).toContain(word)
    }
    expect(help.stdout).not.toContain('--passphrase-file')
  })

  it('names no database in the help of what works on none', async () => {
    const help = await latchkey('keys generate --help')
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toContain('keys generate [file]')
    expect(help.stdout).toContain('--alg <EdDSA|ES256>')
    expect(help.stdout).not.toContain('--url')
  })

  it('tells its version', async () => {
    expect(await latchkey('--version')).toMatchObject({ status: 0, stdout: '0.0.0\n' })
  })

  it('ends with 1 where the database cannot be used, and says what to do', async () => {
    const none = join(temporaryFolder(), 'none', 'app.db')
    expect(await latchkey(`status --url ${none}`)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('its folder must exist'),
    })
    const port = await freePort()
    for (const scheme of ['postgres', 'mysql']) {
      const { status, stdout, stderr } = await latchkey(
        `migrate --url ${scheme}://ada:${PASSWORD}@127.0.0.1:${port}/db`,
      )
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain('check that it runs, and host and port in the URL')
      expect(stderr).toContain('ECONNREFUSED')
      expect(stderr).not.toContain(PASSWORD)
    }
  })

  it('ends with 1 for tables of a newer version, and says what to do', async () => {
    const { url } = inFolder()
    await latchkey(`migrate --url ${url}`)
    const db = new DatabaseSync(url.replace('sqlite:', ''))
    onTestFinished(() => db.close())
    db.exec(`insert into latchkey_migrations values ('9999-new', '2040-01-01T00:00:00.000Z')`)
    const { status, stderr } = await latchkey(`migrate --url ${url}`)
    expect(status).toBe(1)
    expect(stderr).toContain(
      'by a newer version of @latchkey/sql-store (9999-new): install that version',
    )
  })
})

describe.skipIf(!postgres.available)('latchkey with a schema, on PostgreSQL', () => {
  it('makes the tables there', async () => {
    const { url, query, load } = await blankForTest(postgres)
    const { stdout } = await latchkey(`migrate --dry-run --schema planned --url ${url}`)
    await load(stdout)
    expect(await latchkey(`migrate --schema auth --url ${url}`)).toMatchObject({ stdout: DONE })
    for (const schema of ['planned', 'auth']) {
      expect(await query(`select id from ${schema}.latchkey_users`)).toEqual([])
    }
    expect(await latchkey(`status --url ${url}`)).toMatchObject({ status: 1 })
  })
})

describe('the program', () => {
  const cli = join(import.meta.dirname, '../src/cli.ts')

  it('runs a command, and hands on its status', async () => {
    const folder = temporaryFolder()
    const env = { DATABASE_URL: 'sqlite:./app.db' }
    const run = (...words: string[]) => runNode([cli, ...words], { cwd: folder, env })
    expect(await run('status')).toMatchObject({ status: 1, stderr: '' })
    expect(await run('migrate')).toEqual({ status: 0, stdout: DONE, stderr: '' })
    const store = sqlStore({ url: join(folder, 'app.db') })
    onTestFinished(() => store.close())
    await store.ready()
    expect(await run('help')).toMatchObject({ status: 2, stdout: '' })
  })
})
