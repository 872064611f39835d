import { failingStore } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it } from 'vitest'
import {
  ADMIN,
  addMember,
  bearerOfNew,
  change,
  logIn,
  PASSWORD,
  register,
  serveAfter,
  tokenIn,
} from './support/apps.ts'

const ADA = 'ada@example.com'
const BEN = 'ben@example.com'
const profile = { displayName: 'Countess', team: 'Engines' }

describe('a profile', () => {
  it('is changed by nobody who is not logged in', async () => {
    const app = await serveAfter()
    const ada = addMember(app, ADA, 'Ada')
    const { status, body } = await change(app, ada, profile)
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' })
    expect((await app.client.get(ada)).text).toContain('Team: Chess')
  })

  it('belongs to who has activated an account with the address of the member', async () => {
    const app = await serveAfter()
    const ada = addMember(app, 'Ada@Example.com', 'Ada')
    const bearer = await bearerOfNew(app, 'aDa@example.com')
    expect((await change(app, ada, profile, bearer)).status).toBe(200)
    expect((await app.client.get(ada)).text).toContain('Team: Engines')
  })

  it('is not changed by other members', async () => {
    const app = await serveAfter()
    const [ada, ben] = [addMember(app, ADA, 'Ada'), addMember(app, BEN, 'Ben')]
    const bearer = await bearerOfNew(app, BEN)
    const { status, body } = await change(app, ada, profile, bearer)
    expect({ status, body }).toEqual({ status: 403, body: { error: 'This is not yours.' } })
    expect((await change(app, ben, profile, bearer)).status).toBe(200)
  })

  it('is not changed by who is no member', async () => {
    const app = await serveAfter()
    const ada = addMember(app, ADA, 'Ada')
    const { status } = await change(app, ada, profile, await bearerOfNew(app, BEN))
    expect(status).toBe(403)
  })

  it('is not had by registering its address without reading its mail', async () => {
    // Then nobody has to prove an address to log in.
    const app = await serveAfter({ activation: 'none' })
    const ada = addMember(app, ADA, 'Ada')
    await app.client.post('/auth/register', { email: ADA, password: PASSWORD })
    const { accessToken } = await logIn(app, ADA)
    expect((await change(app, ada, profile, accessToken)).status).toBe(403)
  })

  it('stays with its account when the directory gets another address for the member', async () => {
    const app = await serveAfter()
    const ada = addMember(app, ADA, 'Ada')
    const bearer = await bearerOfNew(app, ADA)
    await change(app, ada, profile, bearer)
    app.database.exec(`update members set email = '${BEN}'`)
    expect((await change(app, ada, profile, bearer)).status).toBe(200)
    expect((await change(app, ada, profile, await bearerOfNew(app, BEN))).status).toBe(403)
  })

  it('is there for all of the first requests at once', async () => {
    const app = await serveAfter()
    const ada = addMember(app, ADA, 'Ada')
    const bearer = await bearerOfNew(app, ADA)
    const requests = Array.from({ length: 10 }, () => change(app, ada, profile, bearer))
    const answers = await Promise.all(requests)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('is closed from the logout on', async () => {
    const app = await serveAfter()
    const ada = addMember(app, ADA, 'Ada')
    const bearer = await bearerOfNew(app, ADA)
    expect((await app.client.post('/auth/logout', {}, bearer)).status).toBe(204)
    expect((await change(app, ada, profile, bearer)).body.code).toBe('invalid_token')
  })
})

describe('the administrator', () => {
  it('alone sees the addresses', async () => {
    const app = await serveAfter()
    addMember(app, ADA, 'Ada')
    const { accessToken } = await logIn(app, ADMIN)
    const seen = await app.client.get('/admin', accessToken)
    expect(seen).toMatchObject({ status: 200, text: `<ul><li>${ADA}</li></ul>` })

    expect((await app.client.get('/admin')).body.code).toBe('unauthenticated')
    const refused = await app.client.get('/admin', await bearerOfNew(app, ADA))
    expect(refused.body.code).toBe('forbidden')
    expect((await app.client.get('/')).text).not.toContain(ADA)
  })

  it('alone adds members', async () => {
    const app = await serveAfter()
    const add = (bearer?: string) => app.client.post('/members', { email: ADA, ...profile }, bearer)
    expect((await add()).status).toBe(401)
    expect((await add(await bearerOfNew(app, BEN))).status).toBe(403)
    expect((await add((await logIn(app, ADMIN)).accessToken)).status).toBe(201)
  })
})

describe('the life of an account', () => {
  it('runs behind the parser, the log and the compression of the app', async () => {
    const app = await serveAfter()
    const { client, outbox } = app
    const token = await register(app, ADA)
    expect(
      (await client.post('/auth/login', { identifier: ADA, password: PASSWORD })).body.code,
    ).toBe('account_not_activated')
    expect((await client.post('/auth/activate', { token })).body.user.emailVerified).toBe(true)

    const first = await logIn(app, ADA)
    const refreshed = await client.post('/auth/refresh', undefined, first.refreshToken)
    expect(refreshed.status).toBe(200)
    const passwords = { currentPassword: PASSWORD, newPassword: 'paper boats afloat' }
    const changed = await client.post('/auth/password/change', passwords, first.accessToken)
    expect(changed.status).toBe(200)
    expect((await client.get('/auth/me', first.accessToken)).status).toBe(401)

    expect((await client.post('/auth/password/forgot', { identifier: ADA })).status).toBe(202)
    const reset = tokenIn((await outbox.next('reset_password', ADA)).link)
    const choice = { token: reset, newPassword: PASSWORD }
    expect((await client.post('/auth/password/reset', choice)).status).toBe(204)
    expect((await client.get('/auth/me', changed.body.accessToken)).status).toBe(401)
    const { accessToken } = await logIn(app, ADA)
    expect((await client.get('/auth/me', accessToken)).body.email).toBe(ADA)
  })

  it('begins once when an address is registered twice at once', async () => {
    const app = await serveAfter()
    const requests = [1, 2].map(() =>
      app.client.post('/auth/register', { email: ADA, password: PASSWORD }),
    )
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([202, 202])
    const tokens = [
      tokenIn((await app.outbox.next('activate', ADA)).link),
      tokenIn((await app.outbox.next('activate_again', ADA)).link),
    ]
    const uses = await Promise.all(
      tokens.map((token) => app.client.post('/auth/activate', { token })),
    )
    expect(uses.map(({ status }) => status).toSorted()).toEqual([200, 400])
  })

  it.each([
    ['no JSON object', '[]', 400],
    ['not a string', { identifier: 7, password: PASSWORD }, 422],
    ['a member missing', { identifier: ADA }, 422],
    ['malformed JSON', '{', 400],
  ])('is not disturbed by %s', async (_name, body, status) => {
    const { client } = await serveAfter()
    expect((await client.post('/auth/login', body)).status).toBe(status)
  })
})

it('answers 503 when a handler of the app asks for an account and the store fails', async () => {
  const store = sqlStore({ url: 'sqlite::memory:' })
  await store.migrate()
  const failing = failingStore(store)
  const app = await serveAfter({ store: failing.store })
  const ada = addMember(app, ADA, 'Ada')
  const bearer = await bearerOfNew(app, ADA)
  failing.failAt(2, 'before') // the guard asks first, then the handler
  const { status, body } = await change(app, ada, profile, bearer)
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' })
  expect(failing.heal()).toBe('users.find')
})

it('logs no token, no code and no password', async () => {
  const app = await serveAfter()
  const token = await register(app, ADA)
  await app.client.get(`/account.html#token=${token}`)
  await app.client.post('/auth/activate', { token })
  const { accessToken, refreshToken } = await logIn(app, ADA)
  await app.client.get('/auth/me', accessToken)
  await expect.poll(() => app.log.at(-1)).toContain('/auth/me')
  const log = app.log.join('')
  for (const secret of [token, accessToken, refreshToken, PASSWORD])
    expect(log).not.toContain(secret)
})

it('leads links in messages to a page that is there', async () => {
  const app = await serveAfter()
  await app.client.post('/auth/register', { email: ADA, password: PASSWORD })
  const { link = '' } = await app.outbox.next('activate', ADA)
  const { pathname } = new URL(link)
  const { status, text } = await app.client.get(pathname)
  expect(status).toBe(200)
  const paths = [...text.matchAll(/data-action="([^"]+)"/g)].map(([, path = '']) => path)
  expect(paths).toContain('/auth/activate')
  for (const path of paths) expect((await app.client.get(path)).status).toBe(405)
})
