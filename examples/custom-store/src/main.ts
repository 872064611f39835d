import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createAuth } from '@latchkey/core'
import { createApp } from './app.ts'
import { lmdbStore } from './lmdb-store.ts'

// An empty variable is as good as none.
const port = process.env.PORT || '3000'
const path = process.env.DATABASE_FILE || fileURLToPath(new URL('../accounts.db', import.meta.url))
const secret = process.env.AUTH_SECRET || randomBytes(32).toString('base64url')

const server = createServer().listen(Number(port), '127.0.0.1')
await once(server, 'listening')
const origin = `http://localhost:${(server.address() as AddressInfo).port}`

const store = lmdbStore({ path })
const auth = createAuth({
  secret,
  store,
  origin,
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // hand it to your mail transport
})
server.on('request', createApp(auth))

async function stop() {
  server.close()
  await auth.close()
  await store.close()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

console.log(`Accounts are kept in ${path}. The app is on ${origin}; Ctrl-C stops it.\n`)
