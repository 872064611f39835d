import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createAuth } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { bar } from '../src/commands/progress.ts'
import { kinds } from './support/databases.ts'
import { blankForTest } from './support/faults.ts'
import { temporaryFolder } from './support/folder.ts'
import { latchkey } from './support/latchkey.ts'
import { runNode } from './support/node.ts'

const PASSWORD = 'correct horse battery'
const PASSPHRASE = { LATCHKEY_PASSPHRASE: 'seven horses on a bicycle' }

/** Of a password that nobody knows. */
const UNKNOWN_HASH =
  'pbkdf2:sha256:1000$salt$bfa5e3ef7c5ed8f6ba7d9a0a7a40bd14f4d2a6a6ae1d3ac02ab1f2d4dbb5a2d0'

const members = `email,username,roles,status,passwordHash
ada@example.org,ada,admin,active,
bob@example.org,bob,user,active,${UNKNOWN_HASH}
`

function authOn(url: string) {
  const store = sqlStore({ url })
  const auth = createAuth({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store,
    origin: 'https://app.example',
    mailer: () => {},
    passwords: weakPasswords,
    maintenance: false,
  })
  onTestFinished(async () => {
    await auth.close()
    await store.close()
  })
  return { auth, store }
}

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`latchkey users, on ${kind.name}`, () => {
    let url: string
    let folder: string
    const run = (line: string, input = '') => latchkey(`${line} --url ${url}`, PASSPHRASE, input)
    const file = (name: string, content?: string) => {
      const path = join(folder, name)
      if (content !== undefined) writeFileSync(path, content)
      return path
    }

    beforeEach(async () => {
      folder = temporaryFolder()
      url = (await blankForTest(kind)).url
      await latchkey(`migrate --url ${url}`)
    })

    it('creates the first administrator, who can log in', async () => {
      const created = await run(
        'users create --email ada@example.org --role admin',
        `${PASSWORD}\n`,
      )
      expect(created).toEqual({
        status: 0,
        stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/),
        stderr: '',
      })
      const { auth } = authOn(url)
      const login = await auth.login({ identifier: 'ada@example.org', password: PASSWORD })
      expect(login.user).toMatchObject({ id: created.stdout.trim(), roles: ['admin'] })

      const again = await run('users create --email ada@example.org', PASSWORD)
      expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('email_taken') })
      const same = await run('users create --email ada@example.org --if-exists return', PASSWORD)
      expect(same).toEqual({ ...created })
    })

    it('refuses a password that is easy to guess, and shows none', async () => {
      const { status, stdout, stderr } = await run('users create --email a@example.org', 'password')
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain('password_blocked')
    })

    it('imports, lists and exports', async () => {
      const source = file('members.csv', members)
      const tried = await run(`users import ${source} --dry-run`)
      expect(tried.stdout).toBe('Would create 2, updated 0, skipped 0, refused 0.\n')
      expect((await run('users list')).stdout).toBe('')

      const imported = await run(`users import ${source}`)
      expect(imported).toEqual({
        status: 0,
        stdout: 'Created 2, updated 0, skipped 0, refused 0.\n',
        stderr: '',
      })
      const again = await run(`users import ${source}`)
      expect(again.stdout).toBe('Created 0, updated 0, skipped 2, refused 0.\n')

      const listed = await run('users list')
      expect(listed.stdout).toMatch(/admin {2}ada@example.org ada\n/)
      const found = await run('users list --search BOB --json')
      expect(
        found.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual([expect.objectContaining({ email: 'bob@example.org', status: 'active' })])

      const target = file('out.csv')
      expect(await run(`users export ${target}`)).toMatchObject({ status: 0 })
      const csv = readFileSync(target, 'utf8')
      expect(csv).toContain('ada@example.org')
      expect(csv).not.toContain('pbkdf2')
      expect(statSync(target).mode & 0o777).toBe(0o600)
      expect((await run('users export --format ndjson --role admin')).stdout).toContain('"ada"')
    })

    it('tells which rows are refused, and ends with 1', async () => {
      const source = file('members.csv', `${members}no address,x,user,active,\n`)
      const { status, stdout, stderr } = await run(`users import ${source}`)
      expect(status).toBe(1)
      expect(stdout).toBe('Created 2, updated 0, skipped 0, refused 1.\n')
      expect(stderr).toMatch(/^row 3, line 4: \/email /)
    })

    it('says that it broke off at a header that means nothing, and ends with 1', async () => {
      const source = file('members.csv', 'e-mail,shoe size\nada@example.org,38\n')
      const { status, stdout, stderr } = await run(`users import ${source}`)
      expect(status).toBe(1)
      expect(stdout).toBe('Created 0, updated 0, skipped 0, refused 0.\n')
      expect(stderr).toMatch(
        /^header: .*\n(?:header: .*\n)*Broke off: nothing behind row 0 was read\.\n$/,
      )
    })

    it('changes the passwords of accounts that exist only where that is said', async () => {
      await run('users create --email ada@example.org', `${PASSWORD}\n`)
      const { auth } = authOn(url)
      const login = () => auth.login({ identifier: 'ada@example.org', password: PASSWORD })
      const source = file('members.csv', members)
      await run(`users import ${source} --if-exists update`)
      await login()
      await run(`users import ${source} --if-exists update --update-passwords`)
      await login()
      const changed = file('changed.csv', members.replace('active,\n', `active,${UNKNOWN_HASH}\n`))
      await run(`users import ${changed} --if-exists update`)
      await login()
      await run(`users import ${changed} --if-exists update --update-passwords`)
      await expect(login()).rejects.toMatchObject({ code: 'invalid_credentials' })
    })

    it('ends all sessions', async () => {
      await run('users create --email ada@example.org', PASSWORD)
      const { auth } = authOn(url)
      const login = await auth.login({ identifier: 'ada@example.org', password: PASSWORD })
      expect((await run('sessions end-all')).stdout).toContain('Say --yes')
      expect(await auth.authenticate(login.accessToken)).toBeTruthy()
      expect((await run('sessions end-all --yes')).stdout).toBe('Ended all sessions of 1 users.\n')
      await expect(auth.authenticate(login.accessToken)).rejects.toMatchObject({
        code: 'invalid_token',
      })
    })
  })
}

describe('latchkey users', () => {
  it('leaves nothing behind when a backup fails', async () => {
    const folder = temporaryFolder()
    const url = `sqlite:${join(folder, 'app.db')}`
    await latchkey(`migrate --url ${url}`)
    const target = join(folder, 'accounts.age')
    const { status, stderr } = await latchkey(`users backup ${target} --url ${url}`, {
      LATCHKEY_PASSPHRASE: 'short',
    })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('at least 15 characters'),
    })
    expect(existsSync(target)).toBe(false)
  })

  it("works with the application's own auth, whose schema judges profiles", async () => {
    const folder = temporaryFolder()
    const app = join(folder, 'auth.mjs')
    const core = JSON.stringify(import.meta.resolve('@latchkey/core'))
    const store = JSON.stringify(import.meta.resolve('@latchkey/sql-store'))
    writeFileSync(
      app,
      `import { createAuth } from ${core}
import { sqlStore } from ${store}
const store = sqlStore({ url: ${JSON.stringify(join(folder, 'app.db'))} })
await store.migrate()
const validate = (value) => typeof value.name === 'string' ? { value } : { issues: [{ message: 'Give a name.', path: ['name'] }] }
export const auth = createAuth({
  secret: 'a-secret-for-tests-0123456789-abcdefghijk', store, origin: 'https://app.example', mailer() {}, maintenance: false,
  profile: { '~standard': { version: 1, vendor: 'by-hand', validate } },
})
`,
    )
    const source = join(folder, 'members.ndjson')
    writeFileSync(
      source,
      '{"email":"ada@example.org","profile":{"name":"Ada"}}\n{"email":"bob@example.org","profile":{}}\n',
    )
    const cli = join(import.meta.dirname, '../src/cli.ts')
    const { status, stdout, stderr } = await runNode(
      [cli, 'users', 'import', source, '--app', app],
      {
        cwd: folder,
      },
    )
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: 'Created 1, updated 0, skipped 0, refused 1.\n',
    })
    expect(stderr).toBe('row 2, line 2: /profile/name Give a name.\n')
  })
})

// Not on each engine: a key from a passphrase takes a second, and here are several.
describe('latchkey users backup and restore', () => {
  it('brings accounts into another database, once that is said', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder()
    const [url, other] = ['app', 'other'].map((name) => `sqlite:${join(folder, name)}.db`)
    for (const each of [url, other]) await latchkey(`migrate --url ${each}`)
    const source = join(folder, 'members.csv')
    writeFileSync(source, members)
    await latchkey(`users import ${source} --url ${url}`)

    const target = join(folder, 'accounts.age')
    const backUp = () => latchkey(`users backup ${target} --url ${url}`, PASSPHRASE)
    expect((await backUp()).stdout).toMatch(/^Backed up 2 users and \d+ events.\n$/)
    expect(await backUp()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exists: choose another name, or say --force.'),
    })

    const restore = (more = '') =>
      latchkey(`users restore ${target} --url ${other}${more}`, PASSPHRASE)
    expect((await restore()).stdout).toContain('holds 2 users')
    expect((await latchkey(`users list --url ${other}`)).stdout).toBe('')
    expect((await restore(' --yes')).stdout).toMatch(/^Restored 2 users/)
    const listed = await latchkey(`users list --url ${other} --json`)
    expect(listed.stdout).toContain('bob@example.org')
  })
})

describe('latchkey users export', () => {
  it('ends without a word when whoever reads its output leaves', async () => {
    const folder = temporaryFolder()
    const url = `sqlite:${join(folder, 'app.db')}`
    await latchkey(`migrate --url ${url}`)
    // Much more than a pipe holds.
    const note = 'x'.repeat(7000)
    const rows = Array.from({ length: 60 }, (_, n) =>
      JSON.stringify({ email: `user${n}@example.org`, profile: { note } }),
    )
    writeFileSync(join(folder, 'members.ndjson'), rows.join('\n'))
    await latchkey(`users import ${join(folder, 'members.ndjson')} --url ${url}`)
    const cli = join(import.meta.dirname, '../src/cli.ts')
    const node = `'${process.execPath}' --conditions=@latchkey/source --disable-warning=ExperimentalWarning`
    const line = `${node} '${cli}' users export --format ndjson --url '${url}' | head -n 1`
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', line])
    expect(JSON.parse(stdout)).toMatchObject({ profile: { note } })
    expect(stderr).toBe('')
  })
})

describe('the bar', () => {
  it.each([
    [0, 10, '[                              ] 0 %  0 of 10'],
    [5, 10, '[###############               ] 50 %  5 of 10'],
    [1_234_567, 1_234_567, '[##############################] 100 %  1,234,567 of 1,234,567'],
    [42, null, '42'],
  ])('of %d and %s', (done, total, shown) => {
    expect(bar(done, total)).toBe(shown)
  })
})
