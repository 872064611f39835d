import { sqlStore } from '@latchkey/sql-store'
import { createAccounts } from './accounts.ts'
import { createApp } from './app.ts'

const { AUTH_SECRET, ORIGIN, ADMIN_EMAIL, ADMIN_PASSWORD, ACTIVATION } = process.env
const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')
if (ACTIVATION && ACTIVATION !== 'none') throw new Error('ACTIVATION must be "none", or nothing.')

const store = sqlStore({
  url: process.env.DATABASE_URL || `sqlite:${import.meta.dirname}/../accounts.db`,
})
await store.migrate()
const auth = createAccounts({
  secret: AUTH_SECRET,
  store,
  origin: ORIGIN || `http://localhost:${port}`,
  activation: ACTIVATION === 'none' ? 'none' : 'email',
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // yours sends it
})

// The first administrator. An account that is there already stays as it is.
if (ADMIN_EMAIL && ADMIN_PASSWORD) {
  await auth.createUser({
    email: ADMIN_EMAIL,
    password: ADMIN_PASSWORD,
    profile: { username: 'Administrator' },
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
