import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../../test/servers/databases.ts'
import { startProgram } from '../../../../test/support/program.ts'
import { logIn, newDatabase, type ServedApi, serveApi } from './support/api.ts'

const SCHEMA = `
  create table users (
    id serial primary key,
    public_id varchar(50) unique,
    first_name varchar(50),
    last_name varchar(50),
    email varchar(255) unique,
    password_hash varchar(255),
    email_verified boolean,
    role varchar(10),
    registered_on timestamp without time zone
  )`

/** As Werkzeug 1 and 3 and Flask-Bcrypt have written them. */
const ada = {
  public_id: '3f0c8a52-7d1e-4b0a-9a39-0b6c3c1c8a11',
  first_name: 'Ada',
  last_name: 'Byron',
  email: 'Ada@example.com',
  password_hash:
    'pbkdf2:sha256:260000$WEeLbHO6N5deIH7N$5084725cb4798151379cd691974794f3acd52b4de49e673a0fafed84ce1d4a47',
  email_verified: true,
  role: 'Admin',
  registered_on: '2020-02-29 23:30:00.123456',
}
const ben = {
  ...ada,
  public_id: '9b2f1f6e-5a44-4f7c-8a0e-1f6f0a7f2b22',
  first_name: 'Ben',
  last_name: null,
  email: 'ben@example.com',
  password_hash:
    'scrypt:32768:8:1$28nP1PvqSmE3QAB2$bf6d7a947aee9e320f7924f5e8816729d88decf884523e096cfce0ed7a087070d12e02f7bab208affbc7f7486654d02cb6baafc948525b76e34d153444dcdd42',
  email_verified: false,
  role: 'Staff',
}
const cleo = {
  ...ben,
  public_id: 'c4d1a7d0-0c5e-4f39-b7a7-3a5b6c7d8e33',
  email: 'cleo@example.com',
  password_hash: '$2b$12$HmRzXSaJ.FBN4Xk1zz24wuY5AXN3YbgTIynjqkhEfcwxsl1SiwcxG',
  role: 'User',
}

const passwords = {
  'ada@example.com': 'correct horse battery',
  'ben@example.com': 'paper boats afloat',
  'cleo@example.com': 'quiet green rivers',
}

describe.skipIf(postgresUrl === undefined)(
  'the accounts of the Flask service on PostgreSQL',
  () => {
    it('move with their ids, roles and passwords, once', async () => {
      const [old, database] = [await newDatabase(), await newDatabase()]
      await fill(old, [ada, ben, cleo])
      expect(await move(old, database)).toMatchObject({
        code: 0,
        output: '3 moved, 0 there already, 0 refused\n',
      })

      const api = await serveApi(database)
      expect((await shown(api, 'ada@example.com')).body).toEqual({
        public_id: ada.public_id,
        first_name: 'Ada',
        last_name: 'Byron',
        email: 'Ada@example.com',
        email_verified: true,
        role: 'Admin',
        registered_on: '2020-02-29T23:30:00.123Z',
      })
      expect((await shown(api, 'ben@example.com')).body).toMatchObject({
        public_id: ben.public_id,
        last_name: '',
        email_verified: false,
        role: 'Staff',
      })
      expect((await shown(api, 'cleo@example.com')).body.public_id).toBe(cleo.public_id)
      expect(await logIn(api, 'ben@example.com', 'quiet green rivers')).toMatchObject({
        status: 401,
      })

      // Argon2id by now, and left as it is by another move.
      await api.auth.close()
      expect(await move(old, database)).toMatchObject({
        code: 0,
        output: '0 moved, 3 there already, 0 refused\n',
      })
      expect((await shown(api, 'ada@example.com')).status).toBe(200)
      const { access_token } = await logIn(api, 'ada@example.com', passwords['ada@example.com'])
      expect((await api.client.get('/users/', access_token)).body.users).toHaveLength(3)
    })

    it('move into the database where they are', async () => {
      const url = await newDatabase()
      await fill(url, [ada])
      expect(await move(url, url)).toMatchObject({ code: 0 })
      expect(await count(url)).toBe(1)
    })

    it('move page by page, and hold up no others when one is refused', async () => {
      const [old, database] = [await newDatabase(), await newDatabase()]
      const others = Array.from({ length: 1001 }, (_, n) => ({
        ...cleo,
        public_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        email: `user-${n}@example.com`,
      }))
      const broken = { ...ben, password_hash: 'md5$salt$0123456789abcdef0123456789abcdef' }
      await fill(old, [broken, ...others])
      const { code, output } = await move(old, database)
      expect(code).toBe(1)
      expect(output).toMatch(
        /^1001 moved, 0 there already, 1 refused\nusers\.id 1: \/passwordHash .+\n$/,
      )
    })

    it('move whatever their numbers, and are told by them', async () => {
      const [old, database] = [await newDatabase(), await newDatabase()]
      const broken = Array.from({ length: 1003 }, (_, n) => ({
        ...cleo,
        public_id: `${n}`,
        email: `${n}`,
      }))
      await fill(old, [ada, ben, ...broken])
      await connected(old, (client) => client.query('update users set id = 1 - id where id < 3'))
      const { code, output } = await move(old, database)
      expect(code).toBe(1)
      expect(output).toMatch(/^2 moved, 0 there already, 1003 refused\nusers\.id 3: \/id .+\n/)
      expect(output).toMatch(/\nusers\.id 1002: .+\nand 3 more\n$/)
      expect(output).not.toContain('example.com')
    })

    it('need to be told where they are', async () => {
      const { code, output } = await startProgram(program, {}).ended
      expect(code).toBe(1)
      expect(output).toContain('OLD_DATABASE_URL')
    })
  },
)

const program = new URL('../src/move.ts', import.meta.url)

/** Moves as the command does, and resolves how it ended and what it has printed. */
async function move(from: string, to: string) {
  const { code, output } = await startProgram(program, {
    OLD_DATABASE_URL: from,
    DATABASE_URL: to,
    AUTH_SECRET: 'a-secret-for-tests-0123456789-abcdefghijk',
  }).ended
  return { code, output }
}

/** What the account shows of itself after a login with the password that it always had. */
async function shown(api: ServedApi, email: keyof typeof passwords) {
  const { access_token } = await logIn(api, email, passwords[email])
  return api.client.post('/users/me', undefined, access_token)
}

async function fill(url: string, users: readonly (typeof ben | typeof ada)[]): Promise<void> {
  const columns = Object.keys(ada)
  await connected(url, async (client) => {
    await client.query(SCHEMA)
    const record = `insert into users (${columns}) select ${columns} from json_populate_recordset(null::users, $1)`
    await client.query(record, [JSON.stringify(users)])
  })
}

const count = (url: string): Promise<number> =>
  connected(url, async (client) => (await client.query('select from users')).rowCount ?? 0)

async function connected<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
