import { authRouter } from '@latchkey/express-adapter'
import { sqlStore } from '@latchkey/sql-store'
import express from 'express'
import { createAccounts } from './accounts.ts'
import { smtpMailer } from './mailer.ts'
import { patientMailer } from './patient-mailer.ts'

const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')
const store = sqlStore({ url: process.env.DATABASE_URL || 'sqlite::memory:' })
await store.migrate()
const mail = smtpMailer({
  url: process.env.SMTP_URL || 'smtp://localhost:1025',
  from: process.env.MAIL_FROM || 'Example <accounts@example.org>',
})
const auth = createAccounts({
  secret: process.env.AUTH_SECRET,
  origin: process.env.ORIGIN || `http://localhost:${port}`,
  store,
  mailer: patientMailer(mail.send, [1000, 4000]),
})

const app = express()
app.use('/auth', authRouter(auth))
const server = app.listen(port, 'localhost', (error) => {
  if (error) throw error
  console.log(`The app is on http://localhost:${Object(server.address()).port}`)
})

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await auth.close() // what is to be sent goes out, for 10 s at most
  mail.close()
  await store.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
