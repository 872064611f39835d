import { createAuth } from '@latchkey/core'
import { fakeClock, weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { expect, it, onTestFinished } from 'vitest'
import { backUp, restore } from '../src/index.ts'

const passphrase = 'seven horses on a bicycle'
const password = 'correct horse battery'

function setUp() {
  const store = memoryStore()
  const auth = createAuth({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store,
    origin: 'https://app.example',
    mailer: () => {},
    now: fakeClock().now,
    passwords: weakPasswords,
    maintenance: false,
    deletionGrace: 14 * 24 * 3600,
  })
  onTestFinished(() => auth.close())
  return { auth, store }
}

it('S090 whoever is to be deleted is no administrator that remains, after a restore as before', async () => {
  const { auth, store } = setUp()
  const roles = ['admin']
  const stays = await auth.createUser({ email: 'ada@example.org', password, roles })
  const goes = await auth.createUser({ email: 'bob@example.org', password, roles })
  const { accessToken } = await auth.login({ identifier: 'bob@example.org', password })
  await auth.deleteAccount(await auth.authenticate(accessToken), { currentPassword: password })
  // A key from a passphrase takes a second otherwise.
  const file = await collect(backUp(store, { passphrase, workFactor: 2 }))
  for (const there of [{ auth, store }, setUp()]) {
    await restore(there.store, sequence(file), { passphrase })
    const last = there.auth.setRoles('system', stays.id, { roles: [] })
    await expect(last).rejects.toMatchObject({ code: 'last_administrator' })
    await there.auth.login({ identifier: 'bob@example.org', password })
    await there.auth.setRoles('system', goes.id, { roles: [] })
  }
})

it('a deletion that was taken back since stays so, after a restore', async () => {
  const { auth, store } = setUp()
  const { id } = await auth.createUser({ email: 'ada@example.org', password })
  const login = () => auth.login({ identifier: 'ada@example.org', password })
  const { accessToken } = await login()
  await auth.deleteAccount(await auth.authenticate(accessToken), { currentPassword: password })
  const file = await collect(backUp(store, { passphrase, workFactor: 2 }))
  await login()
  await restore(store, sequence(file), { passphrase })
  expect(await store.users.find(id)).toMatchObject({ status: 'active', deleteAfter: null })
})

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return pieces
}

async function* sequence(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}
