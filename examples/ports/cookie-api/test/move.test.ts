import { describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../../test/servers/databases.ts'
import { startProgram } from '../../../../test/support/program.ts'
import {
  ADA,
  BEN,
  openPage,
  SECRET,
  type ServedApi,
  serveApi,
  signedInPage,
} from './support/api.ts'
import {
  addUsers,
  contentsOfNewTables,
  hashes,
  newPostgres,
  OLD_PASSWORD,
  type OldRow,
  original,
} from './support/original.ts'

const CLEO = 'cleo@example.com'
const HASHED: readonly OldRow[] = [
  ['Ada Lovelace', ADA, hashes.scrypt],
  ['ben', BEN, hashes.pbkdf2],
  ['ben', CLEO, hashes.bcrypt],
]
/** What stands in columns for passwords, and no library here can verify. */
const UNVERIFIABLE = [
  '$5$rounds=5000$usesomesillystri$KqJWpanXZHKq2BOB43TSaYhEWsQ1Lr5QNyPCDH/Tp.6',
  '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/',
  '$apr1$71850310$gh9m4xcAn3MGxogwX/ztb.',
  'sha1$Xk3s$0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33',
  'md5$$5f4dcc3b5aa765d61d8327deb882cf99',
  'plain$$hunter2secret',
  '{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr',
  '5f4dcc3b5aa765d61d8327deb882cf99',
  '5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8',
  '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19',
  "b'$2b$12$lvyeZwmFn/HhyFdRyMhbXeLeC7aTvIxZzk47TepzGs.PYQsW1Wuq2'",
]
const DROP = 'Now: ALTER TABLE users DROP COLUMN password\n'

describe.skipIf(postgresUrl === undefined)('moving the original from PostgreSQL', () => {
  it('lets everybody sign in as before', { timeout: 60_000 }, async () => {
    const url = await original(HASHED)
    expect(await move(url, 'hashed')).toEqual({
      code: 0,
      output: `3 moved, 0 there already, 0 refused\n${DROP}`,
    })
    const api = await serveApi({ url })
    for (const email of [ADA, BEN, CLEO]) {
      // Twice: with the hash that came along, then with the one that replaced it.
      for (const _ of [1, 2]) {
        const page = await signedInPage(api, email, OLD_PASSWORD)
        expect((await page.get('/dashboard')).body.Email).toBe(email)
      }
      expect(await signIn(api, email, 'another')).toBe(401)
    }
  })

  it('hashes passwords that stand there in plain text, and keeps none of them', async () => {
    const [easy, odd] = ['ada', ' 12345 $2b$ ']
    const url = await original([
      ['Ada Lovelace', ADA, easy],
      ['ben', BEN, odd],
    ])
    const { code, output } = await move(url, 'plain')
    expect(code).toBe(0)
    expect(output).toBe(`2 moved, 0 there already, 0 refused\n${DROP}`)
    const api = await serveApi({ url })
    const page = await signedInPage(api, ADA, easy)
    expect((await page.get('/dashboard')).body).toEqual({ Username: 'Ada Lovelace', Email: ADA })
    await signedInPage(api, BEN, odd)
    await api.auth.close() // when all is written
    const contents = await contentsOfNewTables(url)
    expect(contents).toContain(ADA)
    expect(contents).toContain('$argon2id$')
    expect(contents).not.toContain(odd)
    expect(contents.replaceAll(/ada@example|Ada Lovelace/g, '')).not.toContain(easy)
  })

  it('never takes a hash for a password', { timeout: 60_000 }, async () => {
    const url = await original(HASHED)
    expect((await move(url, 'plain')).code).toBe(0)
    const api = await serveApi({ url })
    for (const [_name, email, hash] of HASHED) {
      expect(await signIn(api, email ?? '', hash ?? '')).toBe(401)
      await signedInPage(api, email ?? '', OLD_PASSWORD)
    }
  })

  it('takes no form of a hash for a password, also of those that it cannot verify', async () => {
    const rows = UNVERIFIABLE.map((hash, at): OldRow => ['ben', `user${at}@example.com`, hash])
    const { code, output } = await move(await original(rows), 'plain')
    expect(code).toBe(1)
    expect(output).toContain(`0 moved, 0 there already, ${rows.length} refused`)
    for (const hash of UNVERIFIABLE) expect(output).not.toContain(hash)
  })

  it('moves ids below one too', async () => {
    const url = await original([['ada', ADA, null]])
    await addUsers(url, [['ben', BEN, null]], -7)
    const { output } = await move(url, 'plain')
    expect(output).toBe(`2 moved, 0 there already, 0 refused\n${DROP}`)
  })

  it('moves who has no password or no name: "forgot password" gives one', async () => {
    const url = await original([[null, ADA, null]])
    expect((await move(url, 'hashed')).code).toBe(0)
    const api = await serveApi({ url })
    expect(await signIn(api, ADA, '')).toBe(422)
    await openPage(api).post('/send-mail/', { email: ADA })
    const { code } = await api.outbox.next('reset_password', ADA)
    await openPage(api).post('/new-password', { email: ADA, code, password: OLD_PASSWORD })
    const page = await signedInPage(api, ADA, OLD_PASSWORD)
    expect((await page.get('/dashboard')).body).toEqual({ Username: ADA, Email: ADA })
  })

  it('may be run again, into another database too, and moves who came since', async () => {
    const [url, target] = [await original([['ada', ADA, 'a boat']]), await newPostgres()]
    const run = async () => (await move(url, 'plain', { DATABASE_URL: target })).output
    expect(await run()).toBe(`1 moved, 0 there already, 0 refused\n${DROP}`)
    const api = await serveApi({ url: target })
    const page = await signedInPage(api, ADA, 'a boat')
    await addUsers(url, [['ben', BEN, 'a boat']])
    expect(await run()).toBe(`1 moved, 1 there already, 0 refused\n${DROP}`)
    expect(await run()).toBe(`0 moved, 2 there already, 0 refused\n${DROP}`)
    expect((await page.get('/dashboard')).status).toBe(200)
  })

  it('tells whom it cannot move, by their old ids, and moves the others', async () => {
    const url = await original([
      ['ada', 'ada', hashes.scrypt],
      ['ben', BEN, hashes.pbkdf2],
      ['ben', BEN.toUpperCase(), hashes.pbkdf2],
      ['cleo', CLEO, '5f4dcc3b5aa765d61d8327deb882cf99'],
      ['dora', null, hashes.bcrypt],
    ])
    const { code, output } = await move(url, 'hashed')
    expect(code).toBe(1)
    expect(output).toMatch(/^1 moved, 0 there already, 4 refused$/m)
    expect(output).toMatch(/^users\.id 1: \/email .+$/m)
    expect(output).toMatch(/^users\.id 3: \/email .+$/m)
    expect(output).toMatch(/^users\.id 4: \/passwordHash .+$/m)
    expect(output).toMatch(/^users\.id 5: .+$/m)
    expect(output).not.toContain(DROP)
    for (const secret of [hashes.scrypt, '5f4dcc3b', 'example.com', 'EXAMPLE']) {
      expect(output).not.toContain(secret)
    }
  })

  it('moves more than it reads at a time', { timeout: 60_000 }, async () => {
    const many = Array.from(
      { length: 501 },
      (_, index): OldRow => ['ben', `user${index}@example.com`, hashes.scrypt],
    )
    const url = await original(many)
    expect((await move(url, 'hashed')).output).toMatch(/^501 moved, 0 there already, 0 refused/)
  })

  it('wants to be told how the passwords are kept', async () => {
    const { code, output } = await move(await newPostgres(), '')
    expect(code).toBe(1)
    expect(output).toContain('plain or hashed')
  })

  it.each(['OLD_DATABASE_URL', 'DATABASE_URL', 'AUTH_SECRET'])('wants %s', async (name) => {
    const { code, output } = await move(await newPostgres(), 'plain', { [name]: '' })
    expect(code).toBe(1)
    expect(output).toMatch(name === 'AUTH_SECRET' ? /option "secret"/ : `${name} must name`)
  })
})

/** Runs the command, by default within one database: the tables have names of their own. */
async function move(url: string, kind: string, env: Readonly<Record<string, string>> = {}) {
  const command = new URL('../src/move.ts', import.meta.url)
  const base = { OLD_DATABASE_URL: url, DATABASE_URL: url, AUTH_SECRET: SECRET }
  const { code, output } = await startProgram(command, { ...base, ...env }, [kind]).ended
  return { code, output }
}

async function signIn(api: ServedApi, Email: string, Password: string): Promise<number> {
  return (await openPage(api).post('/signin', { Email, Password })).status
}
