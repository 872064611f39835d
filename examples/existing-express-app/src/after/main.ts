import { addAdministrator, openAccounts } from './accounts.ts'
import { createApp } from './app.ts'
import { openDatabase } from './database.ts'

const port = Number(process.env.PORT || 3000)
if (!(port >= 0 && port < 65_536)) throw new Error('PORT must be a number from 0 to 65535.')
const file = process.env.DATABASE_FILE || `${import.meta.dirname}/../../members.db`

const database = openDatabase(file)
const auth = await openAccounts(database, {
  secret: process.env.AUTH_SECRET,
  origin: process.env.ORIGIN || `http://localhost:${port}`,
  mailer: ({ to, text }) => console.log(`To: ${to}\n${text}`), // yours sends it
})
const { ADMIN_PASSWORD } = process.env
if (ADMIN_PASSWORD) await addAdministrator(auth, 'admin@example.com', ADMIN_PASSWORD)

const server = createApp({ database, auth }).listen(port, 'localhost', (error) => {
  if (error) throw error
  console.log(`The members are on http://localhost:${Object(server.address()).port}`)
})

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await auth.close()
  database.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
