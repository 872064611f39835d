import { Readable } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { authRouter } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { enlist } from '../support/administration.ts'
import { serve as serveApp } from '../support/running-host.ts'
import { setUp } from '../support/setup.ts'
import { everything } from '../support/transfer.ts'
import { lines, upload } from '../support/uploads.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** What is held in memory, without what nobody wants any more. */
function liveMegabytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1_000_000
}

it('imports 100 MB in constant memory, with a broken row in the middle', async () => {
  const COUNT = 12_800
  const LENGTH = 7_800 // of what each profile holds
  // Keeps nobody, for they would be what grows.
  const base = memoryStore()
  const users = new Proxy(base.users, {
    get: (target, name) =>
      name === 'insert' ? async () => {} : Reflect.get(target, name).bind(target),
  })
  const setup = setUp({ ...everything, store: base })
  const { accessToken } = await enlist(setup, 'root', ['admin'])
  const forgetful = setUp({ ...everything, store: { ...base, users }, now: setup.clock.now })
  const app = express().use(authRouter(forgetful.auth))
  const { url, close } = await serveApp(app)
  onTestFinished(close)
  let peak = 0
  const before = liveMegabytes()
  const timer = setInterval(() => {
    peak = Math.max(peak, liveMegabytes())
  }, 1000)
  const body = Readable.from(lines(COUNT, COUNT / 2, LENGTH))
  const answer = await upload(`${url}/users/import`, accessToken, 'application/x-ndjson', body)
  clearInterval(timer)
  expect(answer).toMatchObject({
    status: 200,
    body: {
      rows: COUNT,
      created: COUNT - 1,
      refused: 1,
      complete: true,
      errors: [{ row: COUNT / 2, line: COUNT / 2 }],
    },
  })
  expect(peak - before).toBeLessThan(20)
}, 300_000)
