import type { Store, User } from '@latchkey/core'
import { createAuth } from '@latchkey/core'
import { createOutbox, fakeClock, weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { Decrypter } from 'age-encryption'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { BackupError, backUp, endAllSessions, restore } from '../src/index.ts'

const passphrase = 'seven horses on a bicycle'
// A key from a passphrase takes a second otherwise.
const guard = { passphrase, workFactor: 2 }
const password = 'correct horse battery'

function setUp() {
  const setup = authOnEmptyStore()
  onTestFinished(() => setup.auth.close())
  return setup
}

function authOnEmptyStore() {
  const store: Store = memoryStore()
  const clock = fakeClock()
  const auth = createAuth({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store,
    origin: 'https://app.example',
    mailer: createOutbox().send,
    now: clock.now,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
  })
  return { auth, store, clock }
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function* pieces(bytes: Uint8Array, size = 1000): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function accountIn({ auth }: ReturnType<typeof setUp>, email = 'ada@example.org') {
  const user = await auth.createUser({ email, password, roles: ['staff'] })
  return { user, session: await auth.login({ identifier: email, password }) }
}

const changeIn = async (store: Store, id: string, patch: Partial<User>) => {
  const user = await store.users.find(id)
  return store.users.update(id, user?.version ?? 0, patch)
}

/** One backup of one account, for all who only read it. */
const kept = { user: {} as User, file: new Uint8Array() as Uint8Array }

beforeAll(async () => {
  const { auth, store } = authOnEmptyStore()
  const { id } = await auth.createUser({ email: 'ada@example.org', password, roles: ['staff'] })
  kept.user = (await store.users.find(id)) as User
  await auth.login({ identifier: 'ada@example.org', password })
  await auth.close()
  kept.file = await collect(backUp(store, guard))
})

/** Where the account of the backup is as it was then. */
async function setUpWithKept() {
  const setup = setUp()
  await setup.store.users.insert(kept.user)
  return setup
}

const loginIn = ({ auth }: ReturnType<typeof setUp>) =>
  auth.login({ identifier: 'ada@example.org', password })

const anyEvent = {
  limit: 1,
  after: null,
  userId: null,
  actorId: null,
  type: 'sessions.all_ended',
  outcome: null,
  from: null,
  before: null,
}

describe('a backup', () => {
  it('brings accounts to an empty store, with their passwords and roles, and the audit log', async () => {
    const fresh = setUp()
    const report = await restore(fresh.store, pieces(kept.file), { passphrase })
    expect(report).toEqual({ users: 1, events: expect.any(Number), conflicts: [] })
    expect(report.events).toBeGreaterThan(0)
    const { user } = await loginIn(fresh)
    expect(user).toMatchObject({ id: kept.user.id, roles: ['staff'] })
  })

  it('is an age file that tells nothing without its passphrase', async () => {
    const { file } = kept
    expect(Buffer.from(file.subarray(0, 21)).toString()).toBe('age-encryption.org/v1')
    expect(Buffer.from(file).includes('ada@example.org')).toBe(false)
    const decrypter = new Decrypter()
    decrypter.addPassphrase(passphrase)
    expect(await decrypter.decrypt(file, 'text')).toContain('ada@example.org')
  })

  it('makes each guess at the passphrase as much work as the program age does', {
    timeout: 120_000,
  }, async () => {
    for await (const piece of backUp(memoryStore(), { passphrase })) {
      expect(Buffer.from(piece).toString('latin1')).toMatch(/\n-> scrypt \S{22} 18\n/)
      break
    }
  })

  it.each([0, 23, 17.5, Number.NaN])('takes no workFactor of %d', async (workFactor) => {
    const making = collect(backUp(memoryStore(), { passphrase, workFactor }))
    await expect(making).rejects.toThrow(/^workFactor: give a whole number from 1 to 22$/)
  })

  it.each([
    [
      'a weak passphrase',
      'weak_passphrase',
      async (store: Store) => collect(backUp(store, { passphrase: 'short' })),
    ],
    [
      'a wrong passphrase',
      'wrong_passphrase',
      async (store: Store) => restore(store, pieces(kept.file), { passphrase: `${passphrase}!` }),
    ],
    [
      'something else',
      'not_a_backup',
      async (store: Store) =>
        restore(store, pieces(new TextEncoder().encode('id,email\n1,a@example.org\n')), {
          passphrase,
        }),
    ],
    [
      'an empty file',
      'not_a_backup',
      async (store: Store) => restore(store, pieces(new Uint8Array()), { passphrase }),
    ],
  ])('refuses %s', async (_, code, attempt) => {
    const { store } = setUp()
    const error = await attempt(store).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BackupError)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toContain(passphrase)
  })

  it('says when the file was cut or changed, at any place', async () => {
    const { file } = kept
    const body = file.length - 100
    const changed = Uint8Array.from(file)
    changed[body] = (changed[body] ?? 0) ^ 1
    for (const broken of [file.subarray(0, -1), file.subarray(0, body), changed]) {
      const attempt = restore(memoryStore(), pieces(broken), { passphrase, dryRun: true })
      await expect(attempt).rejects.toMatchObject({ name: 'BackupError' })
    }
  })

  it('is only read in a dry run', async () => {
    const empty = memoryStore()
    const report = await restore(empty, pieces(kept.file), { passphrase, dryRun: true })
    expect(report.users).toBe(1)
    expect(await empty.users.find(kept.user.id)).toBeNull()
  })
})

describe('a restoration', () => {
  it('puts every epoch above the stored and the restored one, and ends all sessions', async () => {
    const setup = await setUpWithKept()
    const { user, file } = kept
    const { accessToken, refreshToken } = await loginIn(setup)
    await changeIn(setup.store, user.id, { credentialEpoch: 7, claimsVersion: 3 })

    await restore(setup.store, pieces(file), { passphrase })
    expect(await setup.store.users.find(user.id)).toMatchObject({
      credentialEpoch: 8,
      claimsVersion: 4,
    })
    await expect(setup.auth.authenticate(accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
    await expect(setup.auth.refresh({ refreshToken })).rejects.toMatchObject({
      code: 'invalid_token',
    })
    expect(await setup.store.sessions.listByUser(user.id, setup.clock.now())).toEqual([])
  })

  it('brings back who was deleted since, and leaves alone who came later', async () => {
    const setup = await setUpWithKept()
    const { user, file } = kept
    const erased = {
      status: 'deleted',
      email: null,
      emailAsTyped: null,
      passwordHash: null,
    } as const
    await changeIn(setup.store, user.id, erased)
    const later = await accountIn(setup, 'bob@example.org')

    await restore(setup.store, pieces(file), { passphrase })
    expect((await loginIn(setup)).user.id).toBe(user.id)
    expect(await setup.auth.authenticate(later.session.accessToken)).toMatchObject({
      user: { id: later.user.id },
    })
  })

  it('tells whose identifier belongs to somebody else by now, and restores the others', async () => {
    const setup = setUp()
    const { user } = await accountIn(setup)
    await accountIn(setup, 'bob@example.org')
    const file = await collect(backUp(setup.store, guard))
    await changeIn(setup.store, user.id, {
      email: 'moved@example.org',
      emailAsTyped: 'moved@example.org',
    })
    const newcomer = await accountIn(setup)

    const report = await restore(setup.store, pieces(file), { passphrase })
    expect(report).toMatchObject({ users: 2, conflicts: [{ userId: user.id, field: 'email' }] })
    expect((await loginIn(setup)).user.id).toBe(newcomer.user.id)
  })

  it('can be run again', async () => {
    const { user, file } = kept
    const empty = memoryStore()
    await restore(empty, pieces(file), { passphrase })
    const again = await restore(empty, pieces(file), { passphrase })
    expect(again).toMatchObject({ users: 1, conflicts: [] })
    expect(await empty.users.find(user.id)).toMatchObject({
      email: 'ada@example.org',
      credentialEpoch: 2,
    })
  })
})

describe('endAllSessions', () => {
  it('ends what a restored database brought back to life', async () => {
    const setup = setUp()
    const sessions = []
    for (const name of ['ada', 'bob', 'cy']) {
      sessions.push((await accountIn(setup, `${name}@example.org`)).session)
    }
    const done: number[] = []
    expect(await endAllSessions(setup.store, { onProgress: (users) => done.push(users) })).toBe(3)
    expect(done).toEqual([1, 2, 3])
    const [latest] = await setup.store.events.list(anyEvent)
    expect(latest).toMatchObject({ type: 'sessions.all_ended', data: { count: 3 } })
    for (const { accessToken, refreshToken } of sessions) {
      await expect(setup.auth.authenticate(accessToken)).rejects.toMatchObject({
        code: 'invalid_token',
      })
      await expect(setup.auth.refresh({ refreshToken })).rejects.toMatchObject({
        code: 'invalid_token',
      })
    }
    expect((await loginIn(setup)).status).toBe('admitted')
  })
})
