import { type Auth, createAuth, type Store } from '@latchkey/core'
import { createOutbox, type Outbox, weakPasswords } from '@latchkey/core/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { kinds, type Migrated, migrated } from './support/databases.ts'
import { bearer, doors, EMAIL, type Held, login, PASSWORD, plain, post } from './support/doors.ts'
import { watchedStore } from './support/watched-store.ts'

vi.setConfig({ hookTimeout: 60_000 })

/** What not every database can hold: U+0000, and halves of characters. */
const UNSAFE = [
  '\0',
  'ada\0',
  'ada\0@example.com',
  '\0'.repeat(43),
  '12345\0',
  '\ud83d',
  '\udca1 ada',
  'ada\ud800@example.com',
  'ada@ex\udc00mple.com',
  '\udc00'.repeat(43),
]

const ORDINARY = [
  `'";--/* */ ' OR '1'='1`,
  '%_[a-z]^*?',
  '\\ \\\\ \\n \\u0041 \\0 \\',
  '$1 ? :a @b {{d}}',
  '𝔸𝖉𝒂 💡 👩🏽',
  'a\u030a \u00e5 \ufb01',
  '{"a":[null]}',
  'null',
]

/** What careless comparing takes for Ada's address. */
const LIKE_ADA = ['_', '.', '%', '?'].map((other) => EMAIL.replace('_', other)).slice(1)

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`text on ${kind.name}`, () => {
    let database: Migrated
    let store: Store
    let auth: Auth
    let held: Held
    const outbox: Outbox = createOutbox()
    const errors: unknown[] = []
    const unsafe: string[] = []

    beforeAll(async () => {
      database = await migrated(kind)
      store = await database.emptied()
      auth = createAuth({
        secret: 'a-secret-for-tests-0123456789-abcdefghijk',
        store: watchedStore(store, (verb, text) => unsafe.push(`${verb}: ${JSON.stringify(text)}`)),
        origin: 'https://app.example',
        identifiers: ['email', 'username'],
        mailer: outbox.send,
        passwords: weakPasswords,
        limits: { dangerouslyOff: true },
        maintenance: false,
        onError: (error) => errors.push(error),
      })
      await auth.register({ email: EMAIL, username: 'ada', password: PASSWORD })
      const { link } = await outbox.next('activate', EMAIL)
      await auth.activate({ token: link?.split('token=')[1] ?? '' })
      held = await auth.login({ ...login, device: { name: PASSWORD } }, { userAgent: PASSWORD })
    })
    afterAll(async () => {
      await auth.close()
      await store.close()
      await database.drop()
    })

    it.each(doors)(
      'that no database can hold, as $title, never comes to the store',
      async ({ call, status }) => {
        for (const text of UNSAFE) {
          const answer = await auth.handle(plain(call(text, held)))
          expect({ text, status: answer?.status }).toEqual({ text, status })
        }
        expect({ unsafe, errors }).toEqual({ unsafe: [], errors: [] })
      },
    )

    it.each(ORDINARY)('such as %s is given back as it was given', async (text) => {
      const headers = { 'user-agent': text }
      const body = { ...login, device: { name: text } }
      expect(await auth.handle(plain(post('/login', body, headers)))).toMatchObject({ status: 200 })
      const mine = { method: 'GET', headers: bearer(held) }
      const answer = await auth.handle(plain({ ...mine, path: '/sessions' }))
      const [newest] = JSON.parse(String(answer?.body)).sessions
      expect(newest).toMatchObject({ deviceName: text, userAgent: text })
      const me = await auth.handle(plain({ ...mine, path: '/me' }))
      expect(JSON.parse(String(me?.body))).toMatchObject({ email: EMAIL })
    })

    it('names whoever it names, and nobody like them', async () => {
      for (const identifier of LIKE_ADA) {
        const answer = await auth.handle(plain(post('/login', { ...login, identifier })))
        expect({ identifier, status: answer?.status }).toEqual({ identifier, status: 401 })
      }
      for (const password of [
        ` ${PASSWORD}`,
        PASSWORD.replace('\\', ''),
        '%',
        PASSWORD.toUpperCase(),
      ]) {
        const answer = await auth.handle(plain(post('/login', { ...login, password })))
        expect({ password, status: answer?.status }).toEqual({ password, status: 401 })
      }
      expect(await auth.handle(plain(post('/login', login)))).toMatchObject({ status: 200 })
    })
  })
}
