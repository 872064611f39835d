// A server in a process of its own, which also watches itself: node login-storm/server.ts
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { authRouter, requireAuth } from '@latchkey/express-adapter'
import { hash, verify } from '@node-rs/argon2'
import express from 'express'
import { createBenchAuth, logInMany, PASSWORD } from '../accounts.ts'
import { rateOf } from '../rounds.ts'
import type { Order } from './server-process.ts'

// The first hundred log in again and again, which ends their older sessions; the others use the route.
const ACCOUNTS = 100
const USERS_OF_THE_ROUTE = 50
const SAMPLE_MS = 20

const auth = createBenchAuth({ passwords: undefined })
const logins = await logInMany(auth, ACCOUNTS + USERS_OF_THE_ROUTE)
const stored = await hash(PASSWORD)

let attempts = 0
function logInNext(): Promise<unknown> {
  attempts += 1
  const identifier = `user-${attempts % ACCOUNTS}@example.com`
  return auth.login({ identifier, password: PASSWORD })
}

const app = express()
app.use('/auth', authRouter(auth))
app.get('/protected', requireAuth(auth), (_request, response) => {
  response.json({ invoices: [] })
})

// The finest that there is: an idle loop counts for a millisecond.
const delay = monitorEventLoopDelay({ resolution: 1 })
let memoryBefore = 0
let memoryPeak = 0
setInterval(() => {
  memoryPeak = Math.max(memoryPeak, process.memoryUsage.rss())
}, SAMPLE_MS).unref()

const orders = {
  async watch() {
    memoryBefore = process.memoryUsage.rss()
    memoryPeak = memoryBefore
    delay.enable()
    delay.reset()
    return {}
  },
  async report() {
    delay.disable()
    return {
      delayP99: delay.percentile(99) / 1e6,
      delayMax: delay.max / 1e6,
      memoryGrowth: (memoryPeak - memoryBefore) / 1024 / 1024,
    }
  },
  hashAlone: ({ seconds, inParallel }: Order) =>
    rateOf(seconds, inParallel, () => verify(stored, PASSWORD)),
  loginAlone: ({ seconds, inParallel }: Order) => rateOf(seconds, inParallel, logInNext),
}

process.on('message', async (order: Order) => process.send?.(await orders[order.kind](order)))
process.on('disconnect', () => process.exit())

const server = createServer(app).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const tokens = logins.slice(ACCOUNTS).map(({ accessToken }) => accessToken)
  process.send?.({ url: `http://127.0.0.1:${port}`, tokens })
})
