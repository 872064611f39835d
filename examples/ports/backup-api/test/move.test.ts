import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { startProgram } from '../../../../test/support/program.ts'
import { createApp } from '../src/app.ts'
import { createBackups } from '../src/backups.ts'
import {
  authOn,
  logIn,
  newFolder,
  newStore,
  PASSPHRASE,
  SECRET,
  serveFor,
} from './support/service.ts'

/** Each by `generate_password_hash` of Werkzeug 3.1.8, of the method that the hash names. */
const HASHED = [
  {
    username: 'ada',
    email: 'ada@example.com',
    password: 'lamplight over water',
    stored:
      'scrypt:32768:8:1$C50aragBKR1hcqPi$f1ce8369425160b57e472f8a278a0400a6b3c29db906ac951a8a67faa03c32e3bdce2203f60beb8569023eac62194e155c029e6c861a3f642dc2944b32c88900',
  },
  {
    username: 'ben',
    email: 'Ben@Example.com',
    password: 'paper boats afloat',
    stored:
      'pbkdf2:sha256:1000$Auzp2sJmb0g31vHv$17f00834c65af39e52a4abe1abe76669f9075020e6d2493745a69d11543be006',
  },
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
const PLAIN = HASHED.map((user) => ({ ...user, stored: user.password }))

describe.each([
  ['hashed', HASHED],
  ['plain', PLAIN],
])('a database whose passwords are %s', (form, users) => {
  it('is moved, and everybody logs in with their old password', async () => {
    const databases = oldDatabase(users)
    const { code, output } = await move(databases, { PASSWORDS: form })
    expect(output).toBe('2 moved, 0 there already, 0 refused\n')
    expect(code).toBe(0)

    const { client, auth } = await service(databases)
    for (const { username, email, password } of users) {
      const { status, body } = await client.post('/login', { email, password })
      expect({ status, user: body.user }).toMatchObject({
        status: 200,
        user: { username, email, emailVerified: false, roles: ['user'] },
      })
      const wrong = await client.post('/login', { email, password: 'something else' })
      expect(wrong.status).toBe(401)
    }
    expect((await auth.listUsers('system')).users).toHaveLength(2)
  })

  it('is moved again without a change, but for who came since', async () => {
    const databases = oldDatabase(users.slice(0, 1))
    await move(databases, { PASSWORDS: form })
    const before = await service(databases)
    await logIn(before, users[0]) // its hash is ours from now on

    insertUsers(databases.old, users.slice(1))
    const { output } = await move(databases, { PASSWORDS: form })
    expect(output).toBe('1 moved, 1 there already, 0 refused\n')
    for (const { email, password } of users) {
      expect((await before.client.post('/login', { email, password })).status).toBe(200)
    }
  })

  it('keeps none of the passwords as it was', async () => {
    const databases = oldDatabase(users)
    await move(databases, { PASSWORDS: form })
    const stored = new Database(databases.accounts).prepare('select * from latchkey_users').all()
    expect(stored).toHaveLength(2)
    for (const { password } of users) expect(JSON.stringify(stored)).not.toContain(password)
  })
})

it('moves more accounts than there are in a page', async () => {
  const many = Array.from({ length: 501 }, (_, index) => ({
    username: `user${index}`,
    email: `user${index}@example.com`,
    stored: HASHED[1]?.stored ?? null,
  }))
  const { output } = await move(oldDatabase(many))
  expect(output).toBe('501 moved, 0 there already, 0 refused\n')
})

it('makes administrators of whom it is told', async () => {
  const databases = oldDatabase(HASHED)
  await move(databases, { ADMINISTRATORS: ' ada, ' })
  const { client } = await service(databases)
  const [ada, ben] = await Promise.all(HASHED.map((user) => logIn({ client }, user)))
  expect((await client.post('/dump', undefined, ada?.accessToken)).status).toBe(201)
  expect((await client.post('/dump', undefined, ben?.accessToken)).status).toBe(403)
})

it('makes nobody an administrator whose name differs by case', async () => {
  const databases = oldDatabase([
    { username: 'ADA', email: 'mallory@example.com', stored: null },
    { username: 'ada', email: 'ada@example.com', stored: null },
  ])
  const { code, output } = await move(databases, { ADMINISTRATORS: 'ada' })
  expect(code).toBe(1)
  expect(output).toContain('ADMINISTRATORS: ada is none')
  const { auth } = await service(databases)
  const { users } = await auth.listUsers('system')
  expect(users).toMatchObject([{ username: 'ADA', roles: ['user'] }])
})

it('moves nobody when it is told of an administrator whom there is not', async () => {
  const databases = oldDatabase(HASHED)
  const { code, output } = await move(databases, { ADMINISTRATORS: 'ada,Ben,cleo' })
  expect(code).toBe(1)
  expect(output).toContain('ADMINISTRATORS: nobody is called Ben,cleo.')
  const again = await move(databases, { ADMINISTRATORS: 'ada' })
  expect(again.output).toContain('2 moved')
  expect(await move(databases, { ADMINISTRATORS: 'ada' })).toMatchObject({ code: 0 })
  expect(await move(databases, { ADMINISTRATORS: 'ben' })).toMatchObject({ code: 1 })
})

it('moves ids below one too, and says how many refusals it does not show', async () => {
  const databases = oldDatabase([])
  const database = new Database(databases.old)
  const insert = database.prepare('insert into user values (?, ?, ?, null)')
  insert.run(-7, 'ada', 'ada@example.com')
  insert.run(0, 'ben', 'ben@example.com')
  for (let id = 1; id <= 1002; id += 1) insert.run(id, `user${id}`, `nowhere${id}`)
  database.close()
  const { output } = await move(databases)
  expect(output).toContain('2 moved, 0 there already, 1002 refused\n')
  expect(output).toContain('and 2 more that were refused\n')
})

it('takes no form of a hash for a password', async () => {
  const users = UNVERIFIABLE.map((stored, index) => ({
    username: `user${index}`,
    email: `user${index}@example.com`,
    stored,
  }))
  const { code, output } = await move(oldDatabase(users), { PASSWORDS: 'plain' })
  expect(code).toBe(1)
  expect(output).toContain(`0 moved, 0 there already, ${users.length} refused`)
  for (const { stored } of users) expect(output).not.toContain(stored)
})

it('takes passwords with characters of hashes for what they are', async () => {
  const users = ['Summer$2020', '$ecret boat', '{curly', 'deadbeef'].map((stored, index) => ({
    username: `user${index}`,
    email: `user${index}@example.com`,
    stored,
  }))
  const databases = oldDatabase(users)
  await move(databases, { PASSWORDS: 'plain' })
  const { client } = await service(databases)
  for (const { email, stored } of users) {
    expect((await client.post('/login', { email, password: stored })).status).toBe(200)
  }
})

it('tells whom it could not move, and repeats no value', async () => {
  const [ada] = HASHED
  const databases = oldDatabase([
    { username: 'ada', email: 'ada@example.com', stored: ada?.stored ?? null },
    { username: 'Ada', email: 'ada+other@example.com', stored: ada?.stored ?? null },
    { username: 'c', email: 'cleo@example.com', stored: ada?.stored ?? null },
    { username: 'dan', email: 'nowhere', stored: ada?.stored ?? null },
    { username: 'eva', email: 'eva@example.com', stored: 'hunter2secret' },
    { username: 'admin', email: 'admin@example.com', stored: null },
  ])
  const { code, output } = await move(databases)
  expect(code).toBe(1)
  const [summary, ...refused] = output.trimEnd().split('\n').toSorted()
  expect(summary).toBe('2 moved, 0 there already, 4 refused')
  expect(refused.map((line) => line.split(' ', 3).join(' '))).toEqual([
    'user.id 2: /username',
    'user.id 3: /username',
    'user.id 4: /email',
    'user.id 5: /passwordHash',
  ])
  for (const value of ['hunter2secret', 'nowhere', 'cleo']) expect(output).not.toContain(value)
})

it('takes no hash for a password, though it is told that they are plain', async () => {
  const databases = oldDatabase(HASHED)
  await move(databases, { PASSWORDS: 'plain' })
  const { client } = await service(databases)
  for (const { email, password, stored } of HASHED) {
    expect((await client.post('/login', { email, password: stored })).status).toBe(401)
    expect((await client.post('/login', { email, password })).status).toBe(200)
  }
})

it.each([
  ['PASSWORDS', 'md5', 'PASSWORDS must be hashed or plain.'],
  ['OLD_DATABASE', '/nowhere/old.db', 'directory does not exist'],
])('says what is wrong with %s=%s', async (name, value, words) => {
  const { code, output } = await move(oldDatabase([]), { [name]: value })
  expect(code).toBe(1)
  expect(output).toContain(words)
})

interface Databases {
  readonly old: string
  readonly accounts: string
}

interface Stored {
  readonly username: string
  readonly email: string
  readonly stored: string | null
}

/** The database of the original with these users, and where the accounts will be. */
function oldDatabase(users: readonly Stored[]): Databases {
  const folder = newFolder()
  const databases = { old: join(folder, 'old.db'), accounts: join(folder, 'accounts.db') }
  const database = new Database(databases.old)
  database.exec(
    'create table user(id integer primary key, username text unique, email text unique, password text)',
  )
  database.close()
  insertUsers(databases.old, users)
  return databases
}

function insertUsers(file: string, users: readonly Stored[]): void {
  const database = new Database(file)
  const insert = database.prepare(
    'insert into user(username, email, password) values (@username, @email, @stored)',
  )
  for (const user of users) insert.run(user)
  database.close()
}

/** Runs the command. */
function move({ old, accounts }: Databases, env: Readonly<Record<string, string>> = {}) {
  return startProgram(new URL('../src/move.ts', import.meta.url), {
    OLD_DATABASE: old,
    DATABASE_URL: `sqlite:${accounts}`,
    AUTH_SECRET: SECRET,
    ...env,
  }).ended
}

/** The port on the accounts that were moved. */
async function service({ accounts }: Databases) {
  const store = await newStore(`sqlite:${accounts}`)
  const auth = authOn(store)
  const options = { auth, store, folder: newFolder(), passphrase: PASSPHRASE, workFactor: 1 }
  const client = await serveFor(createApp({ auth, backups: createBackups(options) }))
  return { client, auth }
}
