import { describe, expect, it } from 'vitest'
import { mariadbUrl } from '../../../../test/servers/databases.ts'
import { startProgram } from '../../../../test/support/program.ts'
import { call, logIn, newMariadb, SECRET, serveApi } from './support/api.ts'
import {
  addUsers,
  fillOriginal,
  hashes,
  OLD_PASSWORD,
  type OldRow,
  setId,
} from './support/original.ts'

const ADA: OldRow = ['ada', hashes.scrypt, 'ada@example.com', '2024-05-01 12:30:00']
const BEN: OldRow = ['Ben', hashes.pbkdf2, 'Ben@Example.com', '2025-06-02 00:00:01']
const CLEO: OldRow = ['cleo', hashes.bcrypt, null, null]

describe.skipIf(mariadbUrl === undefined)('moving the original from MariaDB', () => {
  it('lets everybody log in as before, by either name', { timeout: 60_000 }, async () => {
    const url = await original([ADA, BEN, CLEO])
    expect(await move(url)).toEqual({
      code: 0,
      output: '3 moved, 0 there already, 0 refused\n',
    })
    const api = await serveApi({}, url)
    for (const name of ['ada', 'ada@example.com', 'Ben', 'ben@example.com', 'cleo']) {
      // Twice: with the hash that came along, then with the one that replaced it.
      for (const _ of [1, 2]) expect(await logIn(api, name, OLD_PASSWORD)).toHaveProperty('token')
      expect(await logIn(api, name, 'another')).not.toHaveProperty('token')
    }
  })

  it('keeps names, addresses and dates, and no session', async () => {
    const url = await original([ADA, BEN, CLEO])
    await move(url)
    const api = await serveApi({}, url)
    const { token } = await logIn(api, 'admin')
    const { users } = (await call(api, '/AllUsers', token)).body
    const moved = [
      { username: 'ada', email: 'ada@example.com', created_at: '2024-05-01T12:30:00.000Z' },
      { username: 'Ben', email: 'Ben@Example.com', created_at: '2025-06-02T00:00:01.000Z' },
      { username: 'cleo', email: null },
    ]
    for (const account of moved) expect(users).toContainEqual(expect.objectContaining(account))
    const old = await call(api, '/change_password', 'the-token-of-the-first-user', {})
    expect(old.status).toBe(401)
  })

  it('makes administrators of those whom it is told, and of nobody else', async () => {
    const url = await original([ADA, BEN])
    await move(url, { ADMINISTRATORS: ' Ada ,' })
    const api = await serveApi({}, url)
    const [ada, ben] = [
      await logIn(api, 'ada', OLD_PASSWORD),
      await logIn(api, 'ben', OLD_PASSWORD),
    ]
    expect((await call(api, '/AllUsers', ada.token)).status).toBe(200)
    expect((await call(api, '/AllUsers', ben.token)).status).toBe(403)
  })

  it('moves nobody while it is told of administrators that there are not', async () => {
    const url = await original([ADA, BEN])
    const { code, output } = await move(url, { ADMINISTRATORS: 'adda,ben,cleo' })
    expect(code).toBe(1)
    expect(output).toContain('ADMINISTRATORS names nobody in users: adda, cleo')
    expect((await move(url)).output).toBe('2 moved, 0 there already, 0 refused\n')
  })

  it('moves those whose numbers are zero or less', async () => {
    const url = await original([ADA, BEN])
    await setId(url, 'ada', 0)
    await setId(url, 'Ben', -7)
    expect((await move(url)).output).toBe('2 moved, 0 there already, 0 refused\n')
  })

  it('takes nobody for an account that was made here under the same name', async () => {
    const url = await original([ADA, ['Admin', hashes.scrypt, 'boss@example.com', null]])
    const api = await serveApi({}, url)
    expect(await move(url)).toEqual({
      code: 1,
      output:
        '1 moved, 0 there already, 1 refused\n' +
        'users.id 2: /username There is an account of this name, without an address.\n',
    })
    expect(await logIn(api, 'admin')).toHaveProperty('token')
    expect(await logIn(api, 'admin', OLD_PASSWORD)).not.toHaveProperty('token')
  })

  it('tells how many more it cannot move than it names', { timeout: 60_000 }, async () => {
    const many = Array.from(
      { length: 1003 },
      (_, index): OldRow => [`user ${index}`, hashes.scrypt, `user${index}@example.com`, null],
    )
    const { code, output } = await move(await original(many))
    expect(code).toBe(1)
    expect(output).toMatch(/^0 moved, 0 there already, 1003 refused\n/)
    expect(output.split('\n')).toHaveLength(1003)
    expect(output).toMatch(/^users\.id 1000: .+\nand 3 more\n$/m)
  })

  it('may be run again, into another database too, and moves who came since', async () => {
    const [url, target] = [await original([ADA, CLEO]), await newMariadb()]
    const env = { DATABASE_URL: target }
    expect((await move(url, env)).output).toBe('2 moved, 0 there already, 0 refused\n')
    await addUsers(url, [BEN])
    expect((await move(url, env)).output).toBe('1 moved, 2 there already, 0 refused\n')
    expect((await move(url, env)).output).toBe('0 moved, 3 there already, 0 refused\n')
  })

  it('tells whom it cannot move, by their old ids, and moves the others', async () => {
    const url = await original([
      ['ada the boat', hashes.scrypt, 'ada@example.com', null],
      BEN,
      ['cleo', '5f4dcc3b5aa765d61d8327deb882cf99', 'cleo@example.com', null],
    ])
    const { code, output } = await move(url)
    expect(code).toBe(1)
    expect(output).toMatch(/^1 moved, 0 there already, 2 refused$/m)
    expect(output).toMatch(/^users\.id 1: \/username .+$/m)
    expect(output).toMatch(/^users\.id 3: \/passwordHash .+$/m)
    for (const secret of [hashes.scrypt, '5f4dcc3b', 'example.com']) {
      expect(output).not.toContain(secret)
    }
  })

  it('moves more than it reads at a time', { timeout: 60_000 }, async () => {
    const many = Array.from(
      { length: 501 },
      (_, index): OldRow => [`user${index}`, hashes.scrypt, `user${index}@example.com`, null],
    )
    const url = await original(many)
    expect((await move(url)).output).toBe('501 moved, 0 there already, 0 refused\n')
  })

  it.each(['OLD_DATABASE_URL', 'DATABASE_URL', 'AUTH_SECRET'])('wants %s', async (name) => {
    const { code, output } = await move(await newMariadb(), { [name]: '' })
    expect(code).toBe(1)
    expect(output).toMatch(name === 'AUTH_SECRET' ? /option "secret"/ : `${name} must name`)
  })
})

/** Runs the command, by default within one database: the tables have names of their own. */
async function move(url: string, env: Readonly<Record<string, string>> = {}) {
  const command = new URL('../src/move.ts', import.meta.url)
  const base = { OLD_DATABASE_URL: url, DATABASE_URL: url, AUTH_SECRET: SECRET }
  const { code, output } = await startProgram(command, { ...base, ...env }).ended
  return { code, output }
}

async function original(rows: readonly OldRow[]): Promise<string> {
  const url = await newMariadb()
  await fillOriginal(url, rows)
  return url
}
