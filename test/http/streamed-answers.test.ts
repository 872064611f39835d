import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { enlist, eventsOf } from '../support/administration.ts'
import { type Host, plainHosts } from '../support/hosts.ts'
import { storeOfMany } from '../support/many-users.ts'
import { answerOn, connectTo, requestHead } from '../support/raw-http.ts'
import { setUp } from '../support/setup.ts'
import { surroundedHosts } from '../support/surrounded-hosts.ts'
import { everything } from '../support/transfer.ts'

// 250 of them are a page of nearly 2 MB: a few fit into what lies between the store and a client that does not read.
const USERS = 8000
const PAGES = USERS / 250

async function serve(host: Host, options: { failsAtPage?: number; users?: number } = {}) {
  const { users = USERS, ...failure } = options
  const many = storeOfMany(users, failure)
  const setup = await host.setUp({ ...everything, store: many.store })
  const { accessToken } = await enlist(setup, 'root', ['admin'])
  const { url } = await host.serve(setup.auth)
  const bearer = `Authorization: Bearer ${accessToken}`
  const line = `GET ${host.base}/users/export?format=ndjson`
  return { setup, many, url, bearer, line, path: `${url}${host.base}/users/export?format=ndjson` }
}

/** Resolves when nothing more is read. */
async function atRest({ pages }: { pages(): number }): Promise<number> {
  for (let before = -1; before !== pages(); ) {
    before = pages()
    await setTimeout(100)
  }
  return pages()
}

/** Asks for the export, and reads no more of it than its head. */
async function beginning(url: string, head: string): Promise<Socket> {
  const socket = connectTo(url)
  socket.on('error', () => {})
  socket.write(head)
  await once(socket, 'readable')
  return socket
}

for (const host of plainHosts) {
  describe(`served by ${host.name}, an answer that is made as it goes out`, () => {
    it('is read no faster than the client takes it', async () => {
      const { many, url, line, bearer } = await serve(host)
      const socket = await beginning(url, requestHead(line, bearer))
      const read = await atRest(many)
      expect(read).toBeLessThan(PAGES / 3)
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
      })
      await once(socket, 'close')
      // The last page says that there is none behind it.
      expect(many.pages()).toBe(PAGES + 1)
      expect(bytes).toBeGreaterThan(USERS * 7000)
    })

    it('is made no further once the client has gone', async () => {
      const { setup, many, url, line, bearer } = await serve(host)
      const socket = await beginning(url, requestHead(line, bearer))
      const read = await atRest(many)
      socket.destroy()
      expect(await atRest(many)).toBeLessThanOrEqual(read + 1)
      const [told] = await eventsOf(setup, 'users.exported')
      expect(told?.count).toBeLessThan(USERS / 2)
      expect(setup.errors).toEqual([])
    })

    it('S103 breaks off the connection where it fails, and is told of', async () => {
      const { setup, many, url, path, line, bearer } = await serve(host, { failsAtPage: 4 })
      const [, authorization = ''] = bearer.split(': ')
      const response = await fetch(path, { headers: { authorization } })
      expect(response.status).toBe(200)
      await expect(response.text()).rejects.toThrow()
      const socket = connectTo(url)
      const answer = answerOn(socket)
      socket.write(requestHead(line, bearer))
      const { body } = await answer
      expect(body.length).toBeLessThan(4 * 2_000_000)
      expect(body.endsWith('\r\n0\r\n\r\n')).toBe(false)
      expect(setup.errors).toMatchObject([
        { message: 'the store does not answer' },
        { message: 'the store does not answer' },
      ])
      expect(many.pages()).toBe(5)
    })

    it('is a problem where it fails before its first bytes', async () => {
      const { setup, path, bearer } = await serve(host, { failsAtPage: 1 })
      const [, authorization = ''] = bearer.split(': ')
      const response = await fetch(path, { headers: { authorization } })
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ code: 'unavailable' })
      expect(response.headers.get('content-disposition')).toBeNull()
      expect(setup.errors).toHaveLength(1)
    })

    it('does not begin for HEAD', async () => {
      const { setup, many, url, line, bearer } = await serve(host)
      const socket = connectTo(url)
      const answer = answerOn(socket)
      socket.write(requestHead(line.replace('GET', 'HEAD'), bearer))
      expect(await answer).toMatchObject({ status: 200, body: '' })
      expect(many.pages()).toBe(0)
      expect(await eventsOf(setup, 'users.exported')).toEqual([])
    })

    it('leaves the connection to the next request', async () => {
      const { url, line, bearer } = await serve(host, { users: 300 })
      const socket = connectTo(url)
      const answer = answerOn(socket)
      const open = requestHead(line, bearer).replace('close', 'keep-alive')
      socket.write(open + open + requestHead('GET /protected', bearer))
      const { body } = await answer
      expect(body.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
      expect(body.match(/"index":299,/g)).toHaveLength(2)
    })

    // Where Fetch is spoken, the connection is the server's affair.
    if (host.framework !== 'Fetch') {
      it('does not look whole to HTTP/1.0, where it fails', async () => {
        const { url, line, bearer } = await serve(host, { failsAtPage: 3 })
        const socket = connectTo(url)
        const answer = answerOn(socket)
        socket.write(requestHead(line, bearer).replace('HTTP/1.1', 'HTTP/1.0'))
        expect((await answer).failure).toBe('ECONNRESET')
      })
    }
  })
}

for (const [framework, serveAround] of Object.entries(surroundedHosts)) {
  describe(`${framework} with compression around the router, an answer that is made as it goes out`, () => {
    async function served({ users = USERS, failsAtPage = Number.POSITIVE_INFINITY } = {}) {
      const many = storeOfMany(users, { failsAtPage })
      const setup = setUp({ ...everything, store: many.store })
      const { accessToken } = await enlist(setup, 'root', ['admin'])
      const impatience = Promise.withResolvers<void>()
      const around = { logged: [], errors: [], impatience: impatience.promise }
      const { url, close } = await serveAround(setup.auth, around)
      onTestFinished(close)
      const ask = (encoding: string, signal?: AbortSignal) =>
        fetch(`${url}/auth/users/export`, {
          headers: { authorization: `Bearer ${accessToken}`, 'accept-encoding': encoding },
          ...(signal && { signal }),
        })
      return { setup, many, ask, giveUp: impatience.resolve }
    }

    it('is compressed for whoever asks, and the same', async () => {
      const { ask } = await served({ users: 700 })
      const [plain, zipped] = [await ask('identity'), await ask('gzip')]
      expect([plain, zipped].map(({ headers }) => headers.get('content-encoding'))).toEqual([
        null,
        'gzip',
      ])
      expect(await zipped.text()).toBe(await plain.text())
    })

    it('is made no further once the client has gone', async () => {
      const { many, ask } = await served()
      const leaving = new AbortController()
      const response = await ask('gzip', leaving.signal)
      await response.body?.getReader().read()
      leaving.abort()
      const read = await atRest(many)
      expect(read).toBeLessThan(PAGES)
      await setTimeout(100)
      expect(many.pages()).toBe(read)
    })

    it('breaks off the connection where it fails', async () => {
      for (const encoding of ['gzip', 'identity']) {
        const { setup, ask } = await served({ failsAtPage: 4 })
        await expect(ask(encoding).then((response) => response.text())).rejects.toThrow()
        expect(setup.errors).toHaveLength(1)
      }
    })

    it('ends unread where the application has answered meanwhile', async () => {
      const { setup, many, ask, giveUp } = await served()
      const list = many.store.users.list
      many.store.users.list = async (query) => {
        giveUp()
        await setTimeout(50)
        return list(query)
      }
      expect(await (await ask('identity')).text()).toBe('too late')
      expect(await atRest(many)).toBe(1)
      expect(await eventsOf(setup, 'users.exported')).toHaveLength(1)
      expect(setup.errors).toEqual([])
    })
  })
}
