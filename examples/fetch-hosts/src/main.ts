import { randomBytes } from 'node:crypto'
import { serve } from '@hono/node-server'
import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { honoApp } from './hono-app.ts'
import { plainApp } from './plain-app.ts'

const port = Number(process.env.PORT || '3000')
const store = sqlStore({ url: process.env.DATABASE_URL || 'sqlite::memory:' })
await store.migrate()

const auth = createAuth({
  secret: process.env.AUTH_SECRET || randomBytes(32).toString('base64url'),
  store,
  origin: `http://localhost:${port}`,
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // hand it to your mail transport
})

const plain = plainApp(auth)
const isPlain = process.argv[2] === 'plain'
const server = serve({
  port,
  hostname: 'localhost',
  fetch: isPlain
    ? (request, { incoming }) => plain(request, incoming.socket.remoteAddress)
    : honoApp(auth).fetch,
})
server.once('listening', () => {
  console.log(`${isPlain ? 'Plain requests' : 'Hono'} on http://localhost:${port}\n`)
})

async function stop(): Promise<void> {
  server.close()
  await auth.close()
  await store.close()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
