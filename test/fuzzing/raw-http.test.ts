import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effort, isReplay, patience } from './effort.ts'
import { VICTIM_PASSWORD } from './people.ts'
import { watchProcess } from './process-watch.ts'
import { type Framework, type Stage, setStage } from './stage.ts'

const RUNS = 12
const AT_ONCE = 25
// Milliseconds after which the client says that it has no more to say, where no answer comes.
const SILENCE = 100

/** What is done to the bytes of a sound request. */
interface Damage {
  readonly kind: keyof typeof damages
  readonly at: number
  readonly bytes: Uint8Array
}

const damages = {
  inserts: (request: Buffer, at: number, bytes: Uint8Array) => spliced(request, at, 0, bytes),
  replaces: (request: Buffer, at: number, bytes: Uint8Array) =>
    spliced(request, at, bytes.length, bytes),
  removes: (request: Buffer, at: number, bytes: Uint8Array) =>
    spliced(request, at, bytes.length, new Uint8Array()),
  'cuts off': (request: Buffer, at: number) => request.subarray(0, at),
  repeats: (request: Buffer, at: number) => Buffer.concat([request, request.subarray(at)]),
} as const

function spliced(request: Buffer, at: number, count: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([request.subarray(0, at), bytes, request.subarray(at + count)])
}

/** Pieces of HTTP with which servers have had trouble. */
const pieces = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ' HTTP/1.1\r\n',
  ' HTTP/0.9\r\n',
  ' HTTP/2.0\r\n',
  'HTTP/1.0',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Content-Length: 1e3\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Content-Encoding: gzip\r\n',
  'Expect: 100-continue\r\n',
  'Expect: something\r\n',
  'Upgrade: websocket\r\nConnection: Upgrade\r\n',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n',
  'Connection: close\r\n',
  'Range: bytes=0-0,1-1\r\n',
  'Host: evil.example\r\n',
  'Host:\r\n',
  'Authorization: Bearer a\r\nAuthorization: Basic b\r\n',
  'Trailer: Authorization\r\n',
  ' folded\r\n',
  '0\r\n\r\n',
  '5\r\nabcde\r\n',
  'ffffffffffffffff\r\n',
  '5;a=b\r\n',
].map((piece) => new Uint8Array(Buffer.from(piece)))

const anyDamage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(...(Object.keys(damages) as (keyof typeof damages)[])),
  at: fc.nat({ max: 400 }),
  bytes: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 12 }) },
  ),
})

const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'POST', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'get'),
  target: fc.constantFrom(
    '/login',
    '/me',
    '/refresh',
    '/users/export',
    '*',
    'http://a/login',
    '//',
  ),
  damages: fc.array(anyDamage, { maxLength: 3 }),
  chunks: fc.integer({ min: 1, max: 4 }),
})

type RawRequest = typeof anyRequest extends fc.Arbitrary<infer Request> ? Request : never

function bytesOf({ method, target, damages: done }: RawRequest): Buffer {
  const body = JSON.stringify({ identifier: 'victim', password: 'a guess' })
  const sound = [
    `${method} ${target} HTTP/1.1`,
    'Host: app.example',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
  return done.reduce<Buffer>(
    (request, { kind, at, bytes }) => damages[kind](request, at % (request.length + 1), bytes),
    Buffer.from(sound),
  )
}

/** Resolves the status lines of all answers, once the connection has ended. */
async function exchange({ url }: Stage, request: RawRequest): Promise<readonly number[]> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.setTimeout(SILENCE, () => socket.end())
  const bytes = bytesOf(request)
  const size = Math.ceil(bytes.length / request.chunks) || 1
  for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size))
  const heard: Buffer[] = []
  socket.on('data', (chunk) => heard.push(chunk))
  socket.on('error', () => {}) // the server may break off what it cannot read
  await new Promise((resolve) => socket.on('close', resolve))
  const text = Buffer.concat(heard).toString('latin1')
  return [...text.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status]) => Number(status))
}

for (const framework of ['Express 5', 'Fetch'] satisfies Framework[]) {
  describe(`served by ${framework}, bytes that are HTTP no more`, { timeout: patience }, () => {
    it('S048 S103 are refused, and touch nobody', async () => {
      const complaints = watchProcess()
      const stage = await setStage(framework)
      const before = await stage.guarded()
      const statuses = new Set<number>()
      const batch = fc.array(anyRequest, { minLength: AT_ONCE, maxLength: AT_ONCE })
      const property = fc.asyncProperty(batch, async (requests) => {
        const answers = await Promise.all(requests.map((request) => exchange(stage, request)))
        for (const status of answers.flat()) statuses.add(status)
        // 505 is Node's own, for a version of HTTP that it does not speak.
        const failures = answers.flat().filter((status) => status >= 500 && status !== 505)
        const inside = [...complaints.splice(0), ...stage.setup.errors.splice(0)]
        expect([failures, inside]).toEqual([[], []])
        expect(await stage.guarded()).toEqual(before)
      })
      await fc.assert(property, effort(RUNS))
      if (!isReplay) expect([...statuses]).toEqual(expect.arrayContaining([400, 401, 404]))
      await stage.setup.auth.login({ identifier: 'victim', password: VICTIM_PASSWORD })
    })
  })
}
