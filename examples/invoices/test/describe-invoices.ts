import { describe, expect, it } from 'vitest'
import type { Application } from '../src/application.ts'
import { bearerOfNew, logIn, serveDemo } from './support/demo.ts'

const invoice = { description: 'Two days of work', cents: 96_000, currency: 'EUR' }

/** What the application does with invoices, and with requests that make no sense. */
export function describeInvoices(app: Application): void {
  describe('invoices', () => {
    it('belong to who wrote them, and nobody else sees them', async () => {
      const client = await serveDemo(app)
      const ada = await bearerOfNew(client, 'ada@example.com')
      const ben = await bearerOfNew(client, 'ben@example.com')
      const { status, body } = await client.post('/invoices', invoice, ada)
      expect({ status, body }).toMatchObject({ status: 201, body: invoice })
      expect((await client.get('/invoices', ada)).body).toEqual({ invoices: [body] })
      expect((await client.get('/invoices', ben)).body).toEqual({ invoices: [] })
    })

    it('are all shown to an administrator, and to nobody else', async () => {
      const client = await serveDemo(app)
      const ada = await bearerOfNew(client, 'ada@example.com')
      const { body } = await client.post('/invoices', invoice, ada)
      const forAdmin = await client.get('/admin/invoices', await logIn(client))
      expect(forAdmin.body).toEqual({ invoices: [body] })
      expect((await client.get('/admin/invoices', ada)).status).toBe(403)
      expect((await client.get('/admin/invoices')).status).toBe(401)
    })

    it('need a token', async () => {
      const client = await serveDemo(app)
      expect((await client.get('/invoices')).body.code).toBe('unauthenticated')
      expect((await client.post('/invoices', invoice)).body.code).toBe('unauthenticated')
    })
  })

  describe('input that is wrong is answered with a problem', () => {
    it.each([
      ['/description', { ...invoice, description: '  ' }],
      ['/cents', { ...invoice, cents: 0.5 }],
      ['/cents', { ...invoice, cents: '1' }],
      ['/currency', { ...invoice, currency: 'gold' }],
      ['', { ...invoice, ownerId: 'somebody-else' }],
      ['', [invoice]],
    ])('422 at "%s" for %j', async (pointer, input) => {
      const client = await serveDemo(app)
      const { status, body } = await client.post('/invoices', input, await logIn(client))
      expect(status).toBe(422)
      expect(body.errors).toEqual([{ pointer, detail: expect.any(String) }])
      expect((await client.get('/invoices', await logIn(client))).body).toEqual({ invoices: [] })
    })

    it('400 for what is no JSON, 413 for too much of it, 422 for none', async () => {
      const client = await serveDemo(app)
      const bearer = await logIn(client)
      const statusOf = async (body?: string) =>
        (await client.post('/invoices', body, bearer)).status
      expect(await statusOf('{')).toBe(400)
      expect(await statusOf(JSON.stringify(' '.repeat(20_000)))).toBe(413)
      expect(await statusOf()).toBe(422)
    })

    it.each(['/nothing', '/auth/nothing', '/%ff', '/%2e%2e/app.ts'])(
      '404 for %s, which nobody serves',
      async (path) => {
        const { status, headers, body } = await (await serveDemo(app)).get(path)
        expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
        expect({ status, body }).toMatchObject({
          status: 404,
          body: { status: 404, code: 'not_found' },
        })
      },
    )
  })
}
