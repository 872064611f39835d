import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { accountOptions } from './accounts.ts'
import { createApp } from './app.ts'

const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')

const store = sqlStore({
  url: process.env.DATABASE_URL || `sqlite:${import.meta.dirname}/../accounts.db`,
})
await store.migrate()
const auth = createAuth({
  ...accountOptions,
  secret: process.env.AUTH_SECRET,
  store,
  origin: process.env.ORIGIN || `http://localhost:${port}`,
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // yours sends it
})

// The first administrator, who makes all other accounts.
if (process.env.ADMIN_PASSWORD) {
  await auth.createUser({
    username: 'admin',
    password: process.env.ADMIN_PASSWORD,
    roles: ['admin'],
    ifExists: 'return',
  })
}

const server = createApp(auth).listen(port, 'localhost', (error) => {
  if (error) throw error
  console.log(`The API is on http://localhost:${Object(server.address()).port}`)
})

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await auth.close()
  await store.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
