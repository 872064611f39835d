import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Auth, PlainRequest } from '@latchkey/core'
import { createBenchAuth } from './accounts.ts'
import type { Effort } from './effort.ts'
import { count, table } from './markdown.ts'

const BATCH = 5_000
const KEYS = 100_000

/** Whether a request costs the same however many addresses there were before, and what each of them takes. */
export async function limiterKeys({ rounds }: Effort): Promise<string> {
  const off = createBenchAuth({ limits: { dangerouslyOff: true } })
  const few = createBenchAuth({ limits: {} })
  const many = createBenchAuth({ limits: {} })
  const before = heapUsed()
  await requests(many, 0, KEYS)
  const bytes = (heapUsed() - before) / KEYS
  const times = {
    off: [] as number[],
    few: [] as number[],
    many: [] as number[],
    full: [] as number[],
  }
  for (let round = 0; round <= rounds; round += 1) {
    const newKeys = KEYS + round * BATCH
    times.off.push(await requests(off, newKeys, BATCH))
    // The same thousand addresses all over again, but never one of them too often.
    times.few.push(await requests(few, 0, BATCH, 1000))
    times.many.push(await requests(many, newKeys - BATCH * 2, BATCH))
    times.full.push(await requests(many, newKeys, BATCH))
  }
  await Promise.all([off, few, many].map((auth) => auth.close()))
  // The first round warms up.
  const base = median(times.few.slice(1))
  const row = (name: string, given: readonly number[]) => {
    const time = median(given.slice(1))
    return [name, time.toFixed(1), (time / base).toFixed(2)]
  }
  const rows = [
    row('no limits', times.off),
    row('1,000 addresses', times.few),
    row(`${count(KEYS)} addresses, one of them`, times.many),
    row(`${count(KEYS)} addresses, a new one`, times.full),
  ]
  const head = ['a request that is refused for its token', 'µs', 'of 1,000 addresses']
  return `${table(head, rows)}\n\nAn address takes ${count(bytes)} bytes; more than ${count(KEYS)} are not kept.`
}

/** The microseconds that each request takes, from one address after the other. */
async function requests(auth: Auth, first: number, times: number, addresses = Infinity) {
  const began = performance.now()
  for (let n = 0; n < times; n += 1) {
    const reply = await auth.handle(requestFrom(addressOf(first + (n % addresses))))
    if (reply?.status !== 200) throw new Error(`answered with ${reply?.status}`)
  }
  return ((performance.now() - began) / times) * 1000
}

function requestFrom(ip: string): PlainRequest {
  const body = { kind: 'parsed', value: { token: 'no token' } } as const
  const header = (name: string) => (name === 'content-type' ? 'application/json' : null)
  return { method: 'POST', path: '/revoke', query: '', header, body, ip }
}

function addressOf(n: number): string {
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
