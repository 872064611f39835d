import { createAuth } from '@latchkey/core'
import { redisPush } from '@latchkey/core/redis'
import { weakPasswords } from '@latchkey/core/testing'
import { authRouter, requireAuth } from '@latchkey/express-adapter'
import { postgresPush, sqlStore } from '@latchkey/sql-store'
import express from 'express'
import { Redis } from 'ioredis'
import { serve } from '../support/running-host.ts'
import type { NodeOrder, NodeReport, NodeSettings } from './protocol.ts'

// A node in a process of its own, with a server of its own. What it is to do stands in its argument.
const { url, push, ahead, redisUrl = '' }: NodeSettings = JSON.parse(process.argv[2] ?? '{}')

const tell = (report: NodeReport) => void process.send?.(report)

const pushes = {
  postgres: () => postgresPush({ url }),
  redis: () => redisPush(new Redis(redisUrl)),
}

let lead = ahead

const auth = createAuth({
  secret: 'a-secret-for-tests-0123456789-abcdefghijk',
  store: sqlStore({ url }),
  origin: 'https://app.example',
  passwords: { ...weakPasswords, maxQueue: 200 },
  clockTolerance: 30,
  maintenance: false,
  now: () => new Date(Date.now() + lead * 1000),
  revocation: push === null ? {} : { push: pushes[push]() },
  mailer: async ({ kind, to, link = '' }) => tell({ type: 'message', kind, to, link }),
  onError: (_error, what) => tell({ type: 'failure', what }),
})

const app = express()
app.use('/auth', authRouter(auth))
app.get('/protected', requireAuth(auth), (_request, response) => {
  response.json({ invoices: [] })
})
app.get('/ready', async (_request, response) => {
  response.sendStatus((await auth.ready()) ? 200 : 503)
})
const host = await serve(app)
tell({ type: 'ready', origin: host.url })

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

process.on('message', (order: NodeOrder) => {
  if (order.type === 'block') block(order.milliseconds)
  else lead += order.seconds
})
process.on('disconnect', () => process.exit())
