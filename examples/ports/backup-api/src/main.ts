import { AuthError, createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { accounts } from './accounts.ts'
import { createApp } from './app.ts'
import { createBackups } from './backups.ts'

const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')
const passphrase = process.env.BACKUP_PASSPHRASE ?? ''
if (passphrase.length < 15) throw new Error('BACKUP_PASSPHRASE must have at least 15 characters.')
const keep = Number(process.env.BACKUP_KEEP || 30)
if (!(Number.isInteger(keep) && keep > 0)) throw new Error('BACKUP_KEEP must be 1 or more.')
const folder = process.env.BACKUP_FOLDER || `${import.meta.dirname}/../backups`

const store = sqlStore({
  url: process.env.DATABASE_URL || `sqlite:${import.meta.dirname}/../accounts.db`,
})
await store.migrate()
const auth = createAuth({
  ...accounts,
  secret: process.env.AUTH_SECRET,
  store,
  origin: process.env.ORIGIN || `http://localhost:${port}`,
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // yours sends it
})

// The first administrator. Later ones may go without: whoever is there already stays as they are.
const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password, ADMIN_USERNAME = 'admin' } = process.env
if (email && password) {
  const admin = { email, password, username: ADMIN_USERNAME, emailVerified: true, roles: ['admin'] }
  await auth.createUser({ ...admin, ifExists: 'return' }).catch((error: unknown) => {
    if (!(error instanceof AuthError && error.code === 'username_taken')) throw error
    throw new Error(`ADMIN_USERNAME: somebody else is called ${ADMIN_USERNAME}. Give another one.`)
  })
}

const backups = createBackups({ auth, store, folder, passphrase, keep })
const server = createApp({ auth, backups }).listen(port, 'localhost', (error) => {
  if (error) throw error
  console.log(`The service is on http://localhost:${Object(server.address()).port}`)
})

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await auth.close()
  await store.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
