import { randomBytes } from 'node:crypto'
import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { createApp } from './app.ts'

const port = Number(process.env.PORT || '3000')
const store = sqlStore({ url: process.env.DATABASE_URL || 'sqlite::memory:' })
await store.migrate()

const auth = createAuth({
  secret: process.env.AUTH_SECRET || randomBytes(32).toString('base64url'),
  store,
  origin: `http://localhost:${port}`, // with https, the cookies are called __Host-at, __Host-rt, __Host-csrf
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // hand it to your mail transport
  transport: 'cookie',
})
await auth.createUser({ email: 'ada@example.com', password: 'correct horse battery' })

const server = createApp(auth).listen(port, 'localhost', () => {
  console.log(`Log in as ada@example.com, "correct horse battery", on http://localhost:${port}\n`)
})

async function stop(): Promise<void> {
  server.close()
  server.closeIdleConnections()
  await auth.close()
  await store.close()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
