import { inspect } from 'node:util'
import { AuthError, createAuth, type PlainRequest } from '@latchkey/core'
import { createOutbox, weakPasswords } from '@latchkey/core/testing'
import { type SqlStore, SqlStoreError, sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type DatabaseKind, kinds, mariadb, postgres } from './support/databases.ts'
import { type Fault, type Faulty, faults, migratedForTest, PASSWORD } from './support/faults.ts'
import { proxyTo } from './support/proxy.ts'
import { aUser } from './support/records.ts'

vi.setConfig({ testTimeout: 30_000 })

const EMAIL = 'ada.lovelace@example.com'
const USER_PASSWORD = 'correct horse battery'

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`a store on ${kind.name}`, () => {
    const possible = faults.filter((fault) => fault.kinds.includes(kind))

    it.each(possible)('tells of $title, and works when that is mended', async (fault) => {
      const { store, faulty } = await storeWith(fault, kind)
      const calls = [
        () => store.users.findByIdentifier({ kind: 'email', value: EMAIL }),
        () =>
          store.prune({
            now: new Date(),
            endedBefore: new Date(0),
            pendingBefore: new Date(0),
            eventsBefore: new Date(0),
          }),
      ]
      for (const call of calls) expectToTell(fault, await rejectionOf(call()))
      await faulty.mend()
      for (const call of calls) await call()
      await store.ready()
    })

    it.each(possible)('answers 503 for $title, until that is mended', async (fault) => {
      const { store, faulty } = await storeWith(fault, kind)
      const { auth, outbox, errors } = authOn(store)
      const login = () => auth.login({ identifier: EMAIL, password: USER_PASSWORD })

      const refusal = await rejectionOf(login())
      expect(refusal).toBeInstanceOf(AuthError)
      expect(refusal).toMatchObject({ code: 'unavailable', retryAfter: 1 })

      const answer = await auth.handle(loginRequest())
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
      expect(JSON.parse(String(answer?.body))).toEqual({
        type: 'urn:latchkey:problem:unavailable',
        title: 'Not available: try again soon',
        status: 503,
        code: 'unavailable',
      })
      expect(errors).toHaveLength(1)
      expectToTell(fault, errors[0])

      await faulty.mend()
      await auth.register({ email: EMAIL, password: USER_PASSWORD })
      const { link } = await outbox.next('activate', EMAIL)
      await auth.activate({ token: link?.split('token=')[1] ?? '' })
      expect(await auth.handle(loginRequest())).toMatchObject({ status: 200 })
    })
  })
}

async function storeWith(fault: Fault, kind: DatabaseKind) {
  const faulty: Faulty = await fault.arrange(kind)
  const store = sqlStore(faulty.options)
  onTestFinished(() => store.close())
  return { store, faulty }
}

function authOn(store: SqlStore) {
  const outbox = createOutbox()
  const errors: unknown[] = []
  const auth = createAuth({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store,
    origin: 'https://app.example',
    mailer: outbox.send,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => auth.close())
  return { auth, outbox, errors }
}

function loginRequest(): PlainRequest {
  return {
    method: 'POST',
    path: '/login',
    query: '',
    header: (name) => (name === 'content-type' ? 'application/json' : null),
    body: { kind: 'parsed', value: { identifier: EMAIL, password: USER_PASSWORD } },
    ip: '203.0.113.7',
  }
}

/** With its causes: all that a log would show of it. */
function expectToTell(fault: Fault, error: unknown): void {
  expect(error).toBeInstanceOf(SqlStoreError)
  expect(error).toMatchObject({ code: fault.code, message: expect.stringMatching(fault.remedy) })
  const told = inspect(error, { depth: 20, showHidden: true })
  for (const secret of [PASSWORD, EMAIL, USER_PASSWORD]) expect(told).not.toContain(secret)
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'it resolved',
    (error: unknown) => error,
  )
}

for (const kind of [postgres, mariadb]) {
  describe.skipIf(!kind.available)(`a connection to ${kind.name} that breaks`, () => {
    it('during a statement costs the statement, and nothing else', async () => {
      const { store, proxy, id } = await storeBehindProxy(kind)
      const sent = proxy.swallow()
      const lost = rejectionOf(store.users.find(id))
      await sent
      proxy.reset()
      expect(await lost).toMatchObject({ name: 'SqlStoreError', code: 'unreachable' })
      expect(await store.users.find(id)).toMatchObject({ id })
    })

    it('while nobody uses it is replaced', async () => {
      const { store, proxy, id } = await storeBehindProxy(kind)
      await Promise.all(Array.from({ length: 5 }, () => store.users.find(id)))
      proxy.reset()
      // A statement that is sent before the break has been heard of is lost.
      await vi.waitFor(async () => expect(await store.users.find(id)).toMatchObject({ id }))
    })
  })
}

async function storeBehindProxy(kind: DatabaseKind) {
  const { url } = await migratedForTest(kind)
  const proxy = await proxyTo(url)
  onTestFinished(proxy.close)
  const store = sqlStore({ url: proxy.url })
  onTestFinished(() => store.close())
  const user = aUser()
  await store.users.insert(user)
  return { store, proxy, id: user.id }
}
