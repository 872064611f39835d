import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { freePort } from '../../../test/servers/own-server.ts'
import { startServer } from '../../../test/support/program.ts'

const main = new URL('../src/main.ts', import.meta.url)
const script = readFileSync(new URL('../src/public/send.js', import.meta.url), 'utf8')
const LOGIN = { identifier: 'ada@example.com', password: 'correct horse battery' }

type Send = (method: string, path: string, body?: object) => Promise<Response>

/** A tab at this origin: runs the script of the page, and keeps cookies as a browser does, as far as it needs them. */
function openTab(origin: string) {
  const jar = new Map<string, { value: string; isHidden: boolean }>()
  const pageFetch = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, { value }]) => `${name}=${value}`).join('; '))
    headers.set('sec-fetch-site', 'same-origin')
    if (init.method === 'POST') headers.set('origin', origin)
    const response = await fetch(origin + path, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      if (/; Max-Age=0;/.test(line)) jar.delete(name)
      else jar.set(name, { value, isHidden: /; HttpOnly/.test(line) })
    }
    return response
  }
  const shown = () => [...jar].filter(([, { isHidden }]) => !isHidden)
  const document = {
    get cookie() {
      return shown()
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ')
    },
  }
  const code = `${script.replace('export ', '')}; send`
  const send: Send = runInNewContext(code, { document, fetch: pageFetch })
  return { send, get: pageFetch, document, jar }
}

it('logs in, adds a note and logs out with the script of its page', async () => {
  const port = String(await freePort())
  const { stop } = await startServer(main, { PORT: port })
  const { send, get, document, jar } = openTab(`http://localhost:${port}`)
  expect(await (await get('/')).text()).toContain('Log in')
  expect((await send('POST', '/notes', { text: 'x' })).status).toBe(401)
  expect((await send('POST', '/auth/login', LOGIN)).status).toBe(200)
  expect([...jar.keys()]).toEqual(['at', 'rt', 'csrf'])
  expect(document.cookie).toMatch(/^csrf=[\w.-]+$/)
  expect((await send('POST', '/notes', { text: 'a <b> note' })).status).toBe(201)
  expect(await (await get('/')).text()).toContain('<li>a &#60;b&#62; note</li>')
  expect((await get('/notes', { method: 'POST' })).status).toBe(403)
  expect((await send('POST', '/auth/logout')).status).toBe(204)
  expect(document.cookie).toBe('')
  expect(await (await get('/')).text()).toContain('Log in')
  expect(await stop('SIGTERM')).toMatchObject({ code: 0, signal: null })
})
