import { channel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Host, hostsOnMemory } from '../support/hosts.ts'
import { intercept } from '../support/nodes.ts'
import { settled } from '../support/problems.ts'
import { connectTo, rawLogin, requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const TYPE = 'Content-Type: application/json'

/** What Node says when the head of a request has come. */
interface Arrival {
  readonly server: Server
  readonly socket: Socket
}

/** The requests that have arrived at servers of this process, from now until the test ends. */
function arrivals(): readonly Arrival[] {
  const seen: Arrival[] = []
  // Node's documentation says what this channel brings.
  const see = (message: unknown) => seen.push(message as Arrival)
  const started = channel('http.server.request.start')
  started.subscribe(see)
  onTestFinished(() => {
    started.unsubscribe(see)
  })
  return seen
}

/** What nobody has caught, from now until the test ends. */
function uncaught(): readonly unknown[] {
  const seen: unknown[] = []
  const see = (error: unknown) => seen.push(error)
  const names = ['unhandledRejection', 'uncaughtException'] as const
  for (const name of names) process.on(name, see)
  onTestFinished(() => {
    for (const name of names) process.off(name, see)
  })
  return seen
}

function arrived(seen: readonly Arrival[], count: number): Promise<void> {
  return vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(count), { timeout: 4000 })
}

/** Resolves when no connection is left, however the clients went. */
function emptied(server: Server): Promise<void> {
  const count = promisify(server.getConnections.bind(server))
  return vi.waitFor(async () => expect(await count()).toBe(0), { timeout: 4000 })
}

/** Opens so many connections, and sends the text on each. */
function open(url: string, count: number, text: string | Buffer): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connectTo(url)
    // A client that hangs up does not care.
    socket.on('error', () => {})
    socket.write(text)
    return socket
  })
}

function compressedLogin(base: string): Buffer {
  const body = gzipSync(JSON.stringify({ identifier: 'a'.repeat(5_000_000), password: 'b' }))
  const headers = [TYPE, 'Content-Encoding: gzip', `Content-Length: ${body.length}`]
  return Buffer.concat([Buffer.from(requestHead(`POST ${base}/login`, ...headers)), body])
}

// Bodies are read before any store is asked.
for (const host of hostsOnMemory) {
  describe(`served by ${host.name}`, () => {
    it('S103 S096 serves others while a hundred bodies are slow, broken off or garbage', async () => {
      const setup = await host.setUp()
      const { email, session } = await accountOf(setup)
      const { url } = await host.serve(setup.auth)
      const failures = uncaught()
      const seen = arrivals()
      const whole = rawLogin(host.base, email, PASSWORD)
      const half = whole.slice(0, -20)
      const slow = open(url, 50, half)
      const ended: Socket[] = []
      for (const socket of slow) socket.once('close', () => ended.push(socket))
      const hangingUp = open(url, 50, half)
      await arrived(seen, 100)
      for (const socket of hangingUp) socket.destroy()
      const chunked = requestHead(`POST ${host.base}/login`, TYPE, 'Transfer-Encoding: chunked')
      const garbage = open(url, 20, `${chunked}2\r\n{"\r\nzz\r\n`)
      const bombs = open(url, 5, compressedLogin(host.base))

      const login = await sendRaw(url, whole.replace('keep-alive', 'close'))
      const bearer = `Authorization: Bearer ${session.accessToken}`
      const guarded = await sendRaw(url, requestHead('GET /protected', bearer))
      expect([login.status, guarded.status, ended]).toEqual([200, 200, []])

      const [first, second, ...rest] = slow as readonly [Socket, Socket, ...Socket[]]
      for (const socket of [first, second]) {
        socket.write(whole.slice(-20))
        expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /)
      }
      for (const socket of [first, second, ...rest, ...garbage, ...bombs]) socket.destroy()
      await emptied((seen as readonly [Arrival])[0].server)
      await settled(setup.auth)
      expect([failures, setup.errors]).toEqual([[], []])
    })

    const lines = ['POST /login', 'GET /protected', 'GET /me', 'HEAD /me', 'POST /password/forgot']
    for (const line of lines) {
      it(`S103 outlives a client that hangs up before the answer to ${line}`, async () => {
        await hangUpAt(host, line)
      })
    }
  })
}

/** Sends the whole request, and is gone when the store is first asked. */
async function hangUpAt(host: Host, line: string): Promise<void> {
  const failures = uncaught()
  const seen = arrivals()
  let hold: (() => Promise<unknown>) | null = null
  const store = intercept(memoryStore(), () => hold?.())
  const setup = await host.setUp({ store })
  const { email, session } = await accountOf(setup)
  const { url } = await host.serve(setup.auth)
  await settled(setup.auth)
  const [method, path = ''] = line.split(' ')
  const target = path === '/protected' ? path : host.base + path
  const body = JSON.stringify(
    path === '/login' ? { identifier: email, password: PASSWORD } : { identifier: email },
  )
  const isPost = method === 'POST'
  const about = isPost
    ? [TYPE, `Content-Length: ${body.length}`]
    : [`Authorization: Bearer ${session.accessToken}`]
  const request = requestHead(`${method} ${target}`, ...about) + (isPost ? body : '')
  const [client] = open(url, 1, request.replace('close', 'keep-alive')) as [Socket]
  const asked = new Promise<void>((resolve) => {
    hold = async () => {
      hold = null
      const [{ socket }] = seen as readonly [Arrival]
      const gone = once(socket, 'close')
      client.destroy()
      await gone
      resolve()
    }
  })
  await asked
  const [{ server }] = seen as readonly [Arrival]
  const next = await sendRaw(url, request)
  expect(next.status).toBe(path === '/password/forgot' ? 202 : 200)
  await emptied(server)
  await settled(setup.auth)
  expect([failures, setup.errors]).toEqual([[], []])
}
