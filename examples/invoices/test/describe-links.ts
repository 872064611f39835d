import { describe, expect, it, vi } from 'vitest'
import type { HttpClient } from '../../../test/support/http-client.ts'
import type { Application } from '../src/application.ts'
import { linkOf } from '../src/tour/reading.ts'
import { bearerOfNew, logIn, PASSWORD, register, serveDemo } from './support/demo.ts'

const ADA = 'ada@example.com'
const NEW_ADA = 'ada@example.org'
const GRACE = 'grace@example.com'

/** The links in messages: they lead to pages that do nothing by themselves, and their tokens do what the page says. */
export function describeLinks(app: Application): void {
  describe('a link in a message', () => {
    it('activates', async () => {
      const client = await serveDemo(app)
      await register(client, ADA)
      const { token, page } = await openLink(client, 'activate', ADA)
      expect(await codeOfLogIn(client, ADA)).toBe('account_not_activated')
      expect((await client.post(postedBy(page), { token })).status).toBe(200)
      expect(await logIn(client, ADA)).toEqual(expect.any(String))
    })

    it('chooses a new password', async () => {
      const client = await serveDemo(app)
      await bearerOfNew(client, ADA)
      await client.post('/auth/password/forgot', { identifier: ADA })
      const { token, page } = await openLink(client, 'reset_password', ADA)
      expect(await logIn(client, ADA)).toEqual(expect.any(String))
      const newPassword = 'staple of the second day'
      expect((await client.post(postedBy(page), { token, newPassword })).status).toBe(204)
      expect(await codeOfLogIn(client, ADA)).toBe('invalid_credentials')
    })

    it('confirms another e-mail address, for who is logged in', async () => {
      const client = await serveDemo(app)
      const bearer = await askForAnotherAddress(client)
      const { token, page } = await openLink(client, 'change_email', NEW_ADA)
      expect(page).toContain('src="/change-email.js"')
      expect((await client.get('/auth/me', bearer)).body.email).toBe(ADA)
      expect((await client.post('/auth/email/confirm', { token })).status).toBe(401)
      const { status, body } = await client.post('/auth/email/confirm', { token }, bearer)
      expect({ status, body }).toMatchObject({ status: 200, body: { email: NEW_ADA } })
      expect(await logIn(client, NEW_ADA)).toEqual(expect.any(String))
    })

    it('takes the old e-mail address back, and leaves nobody logged in', async () => {
      const client = await serveDemo(app)
      const bearer = await askForAnotherAddress(client)
      const { token } = await openLink(client, 'change_email', NEW_ADA)
      await client.post('/auth/email/confirm', { token }, bearer)

      const undo = await openLink(client, 'email_changed', ADA)
      expect((await client.get('/auth/me', bearer)).body.email).toBe(NEW_ADA)
      expect((await client.post(postedBy(undo.page), { token: undo.token })).status).toBe(204)
      expect((await client.get('/auth/me', bearer)).status).toBe(401)
      expect(await codeOfLogIn(client, NEW_ADA)).toBe('invalid_credentials')
      await openLink(client, 'reset_password', ADA)
    })

    it('accepts an invitation', async () => {
      const client = await serveDemo(app)
      await client.post('/auth/users', { email: GRACE }, await logIn(client))
      const { token, page } = await openLink(client, 'invitation', GRACE)
      expect(await codeOfLogIn(client, GRACE)).toBe('invalid_credentials')
      expect((await client.post(postedBy(page), { token, password: PASSWORD })).status).toBe(200)
      expect(await logIn(client, GRACE)).toEqual(expect.any(String))
    })
  })
}

/** Registers Ada, asks for another address, and resolves her access token. */
async function askForAnotherAddress(client: HttpClient): Promise<string> {
  const bearer = await bearerOfNew(client, ADA)
  await client.post('/auth/email/change', { email: NEW_ADA, currentPassword: PASSWORD }, bearer)
  return bearer
}

/** Opens the link as mail scanners do, also in the query. Messages are sent after the answer: waits for this one. */
async function openLink(client: HttpClient, kind: string, to: string) {
  const link = await vi.waitFor(async () => linkOf((await client.get('/outbox')).body, kind, to))
  const { origin, pathname, hash } = new URL(link)
  expect(origin).toBe(client.url)
  await client.get(`${pathname}?${hash.slice(1)}`)
  const { status, text } = await client.get(pathname)
  expect(status).toBe(200)
  return { token: hash.replace('#token=', ''), page: text }
}

/** Where the form of a page posts the token. */
function postedBy(page: string): string {
  const [, path] = /data-post="([^"]+)"/.exec(page) ?? []
  if (path === undefined) throw new Error('No form of this page posts anything.')
  return path
}

async function codeOfLogIn(client: HttpClient, identifier: string): Promise<string> {
  return (await client.post('/auth/login', { identifier, password: PASSWORD })).body.code
}
