import { sqlStore } from '@latchkey/sql-store'
import { createAccounts } from './accounts.ts'
import { createApp } from './app.ts'
import { smtpMailer } from './mailer.ts'

const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')

const store = sqlStore({ url: process.env.DATABASE_URL || 'postgres://localhost/roles_api' })
await store.migrate()
const mail = smtpMailer(
  process.env.SMTP_URL || 'smtp://localhost:1025',
  process.env.MAIL_FROM || 'accounts@example.com',
)
const auth = createAccounts({
  secret: process.env.AUTH_SECRET,
  store,
  origin: process.env.ORIGIN || `http://localhost:${port}`,
  mailer: mail.send,
})

const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password = '' } = process.env
if (email) await auth.createUser({ email, password, roles: ['Admin'], ifExists: 'return' })

const server = createApp(auth).listen(port, 'localhost', (error) => {
  if (error) throw error
  console.log(`The API is on http://localhost:${Object(server.address()).port}/api/v1`)
})

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await auth.close() // what is to be sent goes out
  mail.close()
  await store.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
