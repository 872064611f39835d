import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { authRouter } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express from 'express'
import { describe, expect, it, onTestFinished } from 'vitest'
import { enlist, eventsOf } from '../support/administration.ts'
import { type Host, hostsOnMemory, plainHosts } from '../support/hosts.ts'
import { intercept } from '../support/nodes.ts'
import { answerOn, connectTo, firstAnswerOn, requestHead, sendRaw } from '../support/raw-http.ts'
import { serve as serveApp } from '../support/running-host.ts'
import { type Setup, setUp } from '../support/setup.ts'
import { everything } from '../support/transfer.ts'
import { rows, upload } from '../support/uploads.ts'

const CHUNKED = 'Transfer-Encoding: chunked'
const CSV_TYPE = 'Content-Type: text/csv'

async function serve(host: Host, setup?: Setup) {
  const served = setup ?? (await host.setUp(everything))
  const { accessToken } = await enlist(served, 'root', ['admin'])
  const { url } = await host.serve(served.auth)
  const bearer = `Authorization: Bearer ${accessToken}`
  const line = `POST ${host.base}/users/import`
  const head = (...headers: readonly string[]) => requestHead(line, bearer, ...headers)
  return { setup: served, url, bearer, accessToken, line, head }
}

function chunk(part: string): string {
  return `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`
}

for (const host of plainHosts) {
  describe(`served by ${host.name}, an import that comes as a stream`, () => {
    it('is read no faster than the store takes it', async () => {
      const gate = Promise.withResolvers<void>()
      let inserts = 0
      const store = intercept(memoryStore(), async (verb) => {
        if (verb !== 'users.insert') return
        inserts += 1
        if (inserts > 1) await gate.promise
      })
      const { url, accessToken } = await serve(host, setUp({ ...everything, store }))
      let made = 0
      async function* counted() {
        for (const row of rows(1900, 0, 7800)) {
          made += 1
          yield row
        }
      }
      const path = `${url}/users/import?dryRun=false`
      const answer = upload(path, accessToken, 'text/csv', Readable.from(counted()))
      for (let before = -1; before !== made; await setTimeout(100)) before = made
      // Eight are on their way; the rest lies between the client and the store.
      expect(inserts).toBeLessThan(12)
      expect(made).toBeLessThan(1500)
      gate.resolve()
      expect((await answer).body).toMatchObject({ rows: 1900, created: 1900, complete: true })
    }, 60_000)

    it('is told of as far as it came where the client breaks off, and harms nobody', async () => {
      const { setup, url, head, bearer } = await serve(host)
      const socket = connectTo(url)
      const answer = answerOn(socket)
      socket.write(head(CSV_TYPE, CHUNKED) + chunk('email\na@x.org\nb@x.org\nhalf'))
      const isThere = (value: string) =>
        setup.store.users.findByIdentifier({ kind: 'email', value })
      await expect.poll(() => isThere('b@x.org')).not.toBeNull()
      expect((await sendRaw(url, requestHead('GET /protected', bearer))).status).toBe(200)
      socket.destroy()
      await answer
      await expect.poll(() => setup.events.map(({ type }) => type)).toContain('users.imported')
      expect(await eventsOf(setup, 'users.imported')).toMatchObject([{ created: 2, refused: 0 }])
      expect(setup.errors).toEqual([])
      const again = 'email\na@x.org\nb@x.org\nc@x.org\n'
      const { body } = await sendRaw(url, head(CSV_TYPE, CHUNKED), chunk(again), '0\r\n\r\n')
      expect(JSON.parse(body)).toMatchObject({ created: 1, skipped: 2 })
    })

    it('S092 is refused from the moment on at which the session ends', async () => {
      const { setup, url, head } = await serve(host)
      await enlist(setup, 'other', ['admin'])
      const find = (value: string) => setup.store.users.findByIdentifier({ kind: 'email', value })
      const socket = connectTo(url)
      const answer = firstAnswerOn(socket)
      socket.write(head(CSV_TYPE, CHUNKED) + chunk('email\na@x.org\nb@'))
      await expect.poll(() => find('a@x.org')).not.toBeNull()
      await setup.auth.disableUser('system', (await find('root@example.com'))?.id ?? '')
      setup.clock.advance(1)
      socket.write(chunk('x.org\nc@x.org\nd@x.org\n'))
      expect((await answer).status).toBe(401)
      expect(await find('b@x.org')).toBeNull()
    })

    it('reports what was wrong with the first rows to a client that goes on sending', async () => {
      const { url, accessToken } = await serve(host)
      const path = `${url}/users/import?onError=stop`
      const body = Readable.from(rows(1250, 3, 7800))
      expect(await upload(path, accessToken, 'text/csv', body)).toMatchObject({
        status: 200,
        body: { rows: 3, created: 2, refused: 1, complete: false },
      })
    })

    it('S096 answers a client that is still sending what it refuses, and ends the connection', async () => {
      const { url, bearer, line, head } = await serve(host)
      const expectations: readonly (readonly [string, number])[] = [
        [requestHead(line, CSV_TYPE, CHUNKED), 401],
        [head('Content-Type: text/plain', CHUNKED), 415],
        [head(CSV_TYPE, CHUNKED, 'Content-Encoding: gzip'), 415],
        [requestHead(`${line}?dryRun=5`, bearer, CSV_TYPE, CHUNKED), 422],
        [requestHead(line.replace('POST', 'PUT'), bearer, CSV_TYPE, CHUNKED), 405],
      ]
      for (const [request, status] of expectations) {
        const socket = connectTo(url)
        const answer = firstAnswerOn(socket)
        socket.write(request.replace('close', 'keep-alive') + chunk('email\na@x.org\n'))
        const { headers, status: given } = await answer
        expect(given).toBe(status)
        // Where Fetch is spoken, the connection is the server's affair.
        if (host.framework !== 'Fetch') expect(headers.get('connection')).toBe('close')
      }
    })

    it('leaves the connection to the next request once it was read', async () => {
      const { url, bearer, head } = await serve(host)
      const body = 'email\na@x.org\n'
      const open = head(CSV_TYPE, `Content-Length: ${body.length}`).replace('close', 'keep-alive')
      const socket = connectTo(url)
      const answer = answerOn(socket)
      socket.write(open + body + open + body + requestHead('GET /protected', bearer))
      expect((await answer).body.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
    })
  })
}

for (const host of hostsOnMemory.filter(({ parsesFirst }) => parsesFirst)) {
  it(`takes a large import past a body parser that leaves it alone, served by ${host.name}`, async () => {
    const { url, accessToken } = await serve(host)
    const path = `${url}${host.base}/users/import?dryRun=true`
    const lines = Array.from({ length: 2000 }, (_, index) => `{"email":"user-${index}@x.org"}\n`)
    const answer = await upload(path, accessToken, 'application/x-ndjson', Readable.from(lines))
    expect(answer).toMatchObject({ status: 200, body: { created: 2000 } })
  })
}

describe('behind a parser that reads such bodies', () => {
  const body = 'email\na@x.org\n'

  async function behind(parser: express.RequestHandler) {
    const setup = setUp(everything)
    const { accessToken } = await enlist(setup, 'root', ['admin'])
    const app = express()
    app.use(parser)
    app.use(authRouter(setup.auth))
    const { url, close } = await serveApp(app)
    onTestFinished(close)
    const path = `${url}/users/import`
    return { setup, ask: () => upload(path, accessToken, 'text/csv', Readable.from([body])) }
  }

  it.each([
    ['a text', express.text({ type: 'text/csv' })],
    ['bytes', express.raw({ type: 'text/csv' })],
  ])('takes what it leaves as %s', async (_name, parser) => {
    const { setup, ask } = await behind(parser)
    expect(await ask()).toMatchObject({ status: 200, body: { created: 1 } })
    expect(setup.errors).toEqual([])
  })

  it.each<[string, express.RequestHandler]>([
    ['nothing', (request, _response, next) => void request.resume().on('end', () => next())],
    [
      'an object',
      (request, _response, next) => {
        request.resume().on('end', () => {
          request.body = { email: 'a@x.org' }
          next()
        })
      },
    ],
  ])('refuses, and says why, where it leaves %s', async (_name, parser) => {
    const { setup, ask } = await behind(parser)
    expect(await ask()).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(String(setup.errors[0])).toContain('the host has read the body')
  })
})
