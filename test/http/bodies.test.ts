import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { hostsOnMemory } from '../support/hosts.ts'
import { answerOn, connectTo, firstAnswerOn, requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const JSON_TYPE = 'Content-Type: application/json'
const CHUNKED = 'Transfer-Encoding: chunked'

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

const LAST_CHUNK = '0\r\n\r\n'

/** A login whose body has exactly so many bytes. */
function loginOfSize(size: number): string {
  const body = JSON.stringify({ identifier: 'nobody', password: PASSWORD })
  return body + ' '.repeat(size - body.length)
}

for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const { email } = await accountOf(setup)
      const { url } = await host.serve(setup.auth)
      const body = JSON.stringify({ identifier: email, password: PASSWORD })
      const head = (...headers: readonly string[]) =>
        requestHead(`POST ${host.base}/login`, JSON_TYPE, ...headers)
      return { setup, url, body, head, length: `Content-Length: ${body.length}` }
    }

    it('S096 takes 16 KiB and not a byte more, with a length or in chunks', async () => {
      const { url, head } = await serve()
      const statuses: number[] = []
      for (const size of [16_384, 16_385]) {
        const text = loginOfSize(size)
        statuses.push((await sendRaw(url, head(`Content-Length: ${size}`), text)).status)
        // White space around JSON is gone once the host has parsed it: there the value itself must be large.
        const large = JSON.stringify({ identifier: 'a'.repeat(size), password: PASSWORD })
        const body = host.parsesFirst && size > 16_384 ? large : text
        statuses.push((await sendRaw(url, head(CHUNKED), chunk(body), LAST_CHUNK)).status)
      }
      expect(statuses).toEqual([401, 401, 413, 413])
    })

    for (const size of [1_000_000, 10_000_000]) {
      it(`S096 answers a body of ${size / 1_000_000} MB with 413 and ends the connection`, async () => {
        const { url, head } = await serve()
        const large = 'a'.repeat(size)
        const answers = [
          await sendRaw(url, head(`Content-Length: ${size}`), large),
          await sendRaw(url, head(CHUNKED), chunk(large), LAST_CHUNK),
        ]
        for (const answer of answers) {
          // A parser of the host's may read it to its end, and find that it is no JSON.
          expect(host.parsesFirst ? [400, 413] : [413]).toContain(answer.status)
          expect(answer.headers.get('content-length')).toBe(String(answer.body.length))
        }
      })
    }

    // A parser of the host's waits for what was announced.
    if (!host.parsesFirst) {
      it('S096 answers 413 to a client that only says how much it will send', async () => {
        const { url, head } = await serve()
        const answer = await sendRaw(url, head('Content-Length: 1000000000'))
        expect([answer.status, answer.failure]).toEqual([413, null])
      })
    }

    it('S096 refuses compressed bodies, small or not', async () => {
      const { url, body } = await serve()
      const bomb = gzipSync(JSON.stringify({ identifier: 'a'.repeat(1_000_000), password: 'b' }))
      for (const bytes of [gzipSync(body), bomb]) {
        const headers = [JSON_TYPE, `Content-Length: ${bytes.length}`, 'Content-Encoding: gzip']
        const answer = await sendRaw(url, requestHead(`POST ${host.base}/login`, ...headers), bytes)
        // A parser of the host's may unpack, and then say itself that it is too much, or no JSON.
        expect(host.parsesFirst ? [400, 413, 415] : [415]).toContain(answer.status)
      }
    })

    it('S096 refuses what says that it is compressed, and is not', async () => {
      const { url, body } = await serve()
      for (const encoding of ['gzip', 'deflate', 'br']) {
        const headers = [JSON_TYPE, `Content-Length: ${body.length}`]
        const head = requestHead(
          `POST ${host.base}/login`,
          ...headers,
          `Content-Encoding: ${encoding}`,
        )
        const { status } = await sendRaw(url, head, body)
        // Parsers of the host's try to unpack it. Where nobody looks at the encoding, it is what it is.
        expect(host.parsesFirst ? [400, 415] : [415], encoding).toContain(status)
      }
    })

    it('reads a body that comes byte by byte, and in chunks', async () => {
      const { url, body, head, length } = await serve()
      const slow = connectTo(url)
      const answer = answerOn(slow)
      for (const byte of head(length) + body) slow.write(byte)
      expect((await answer).status).toBe(200)
      const chunks = [...body].map(chunk)
      expect((await sendRaw(url, head(CHUNKED), ...chunks, LAST_CHUNK)).status).toBe(200)
    })

    it('S103 serves others while one body is slow, and after another was broken off', async () => {
      const { url, body, head, length } = await serve()
      const slow = connectTo(url)
      const slowAnswer = answerOn(slow)
      slow.write(head(length) + body.slice(0, 10))
      const broken = connectTo(url)
      const brokenAnswer = answerOn(broken)
      broken.write(head(length) + body.slice(0, 10))
      expect((await sendRaw(url, head(length), body)).status).toBe(200)
      broken.destroy()
      expect((await brokenAnswer).status).toBe(0)
      expect((await sendRaw(url, head(length), body)).status).toBe(200)
      slow.write(body.slice(10))
      expect((await slowAnswer).status).toBe(200)
    })

    it('reports no error of ours when a client breaks off', async () => {
      const { setup, url, body, head, length } = await serve()
      const broken = connectTo(url)
      const answer = answerOn(broken)
      broken.write(head(length) + body.slice(0, 10))
      expect((await sendRaw(url, head(length), body)).status).toBe(200)
      broken.destroy()
      await answer
      expect((await sendRaw(url, head(length), body)).status).toBe(200)
      expect(setup.errors).toEqual([])
    })

    it('leaves the connection open after an answer to a body that was read', async () => {
      const { url, body } = await serve()
      const headers = [JSON_TYPE, `Content-Length: ${body.length}`]
      const open = requestHead(`POST ${host.base}/login`, ...headers).replace('close', 'keep-alive')
      const socket = connectTo(url)
      const answer = answerOn(socket)
      socket.write(open + body)
      socket.write(requestHead('GET /open'))
      expect((await answer).body).toContain('HTTP/1.1 200 OK')
    })

    // koa-body waits for what was announced, of whatever type.
    if (host.framework !== 'Koa 2' || !host.parsesFirst) {
      it('refuses before the body has come, and ends the connection with that', async () => {
        const { url } = await serve()
        const lines = [
          'GET /protected',
          `POST ${host.base}/password/change`,
          `PUT ${host.base}/login`,
        ]
        for (const line of lines) {
          const head = requestHead(line, 'Content-Type: text/plain', 'Content-Length: 100')
          const socket = connectTo(url)
          const answer = firstAnswerOn(socket)
          socket.write(head.replace('close', 'keep-alive'))
          expect([401, 405]).toContain((await answer).status)
          // Where Fetch is spoken, the connection is the server's affair.
          if (host.framework === 'Fetch') continue
          expect((await answer).headers.get('connection')).toBe('close')
        }
      })
    }
  })
}
