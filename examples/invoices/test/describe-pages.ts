import { describe, expect, it } from 'vitest'
import type { HttpClient } from '../../../test/support/http-client.ts'
import type { Application } from '../src/application.ts'
import { register, serveDemo } from './support/demo.ts'

const paths = [
  '/',
  '/accept-invitation',
  '/accounts',
  '/activate',
  '/change-email',
  '/reset-password',
  '/undo-email-change',
]

/** The pages, and the outbox. */
export function describePages(app: Application): void {
  describe('every page', () => {
    it('lets only its own scripts run, and has none inside', async () => {
      const client = await serveDemo(app)
      for (const path of paths) {
        const { status, headers, text } = await client.get(path)
        expect({ path, status }).toEqual({ path, status: 200 })
        expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
        expect(headers.get('content-security-policy')).toMatch(
          /^default-src 'none'; script-src 'self';(?!.*unsafe)/,
        )
        expect(headers.get('referrer-policy')).toBe('no-referrer')
        expect(text).not.toMatch(/<script(?![^>]* src=)|\son\w+=|javascript:/i)
      }
    })

    it('brings every file that it names', async () => {
      const client = await serveDemo(app)
      for (const path of paths) {
        const files = await filesOf(client, path)
        expect(files).toEqual(expect.arrayContaining(['/style.css', '/api.js']))
        for (const file of files) expect((await client.get(file)).status).toBe(200)
      }
    })
  })

  it('tells of a page without sending it', async () => {
    const { status, headers, text } = await (await serveDemo(app)).send('HEAD', '/activate')
    expect({ status, text }).toEqual({ status: 200, text: '' })
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0)
  })

  it('serves scripts as scripts', async () => {
    const { headers } = await (await serveDemo(app)).get('/forms.js')
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  describe('the outbox', () => {
    it('is JSON for programs, newest message first', async () => {
      const client = await serveDemo(app)
      expect((await client.get('/outbox')).body).toEqual({ messages: [] })
      await register(client, 'ada@example.com')
      await register(client, 'ben@example.com')
      const { body, headers } = await client.get('/outbox')
      expect(body.messages).toMatchObject([
        { kind: 'activate', to: 'ben@example.com' },
        { kind: 'activate', to: 'ada@example.com' },
      ])
      expect(body.messages[0].link).toMatch(`${client.url}/activate#token=`)
      expect(headers.get('vary')).toContain('Accept')
      expect(headers.get('cache-control')).toBe('no-store')
    })

    it('is a page with links for browsers', async () => {
      const client = await serveDemo(app)
      const token = await register(client, 'ada@example.com')
      const { text, headers } = await client.send('GET', '/outbox', {
        headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
      })
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(text).toContain(`<a href="${client.url}/activate#token=${token}">`)
    })

    it('lets no address become a tag', async () => {
      const client = await serveDemo(app)
      await register(client, `o'hara&co@example.com`)
      const { text } = await client.send('GET', '/outbox', { headers: { accept: 'text/html' } })
      expect(text).toContain('To: o&#39;hara&#38;co@example.com')
    })
  })
}

/** What a page names, and what its scripts import. */
async function filesOf(client: HttpClient, page: string): Promise<string[]> {
  const files = new Set(await namesIn(client, page))
  for (const file of files) {
    if (file.endsWith('.js')) for (const name of await namesIn(client, file)) files.add(name)
  }
  return [...files]
}

async function namesIn(client: HttpClient, path: string): Promise<string[]> {
  const { text } = await client.get(path)
  return [...text.matchAll(/(?:(?:src|href)="| from '\.)(\/[^"']+)/g)].map(([, name = '']) => name)
}
