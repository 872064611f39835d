import { sqlStore } from '@latchkey/sql-store'
import { createAccounts } from './accounts.ts'
import { oldUsers } from './old-users.ts'

const from = process.env.OLD_DATABASE_URL
if (!from) throw new Error('Set OLD_DATABASE_URL to the database of the Flask service.')

const store = sqlStore({ url: process.env.DATABASE_URL || 'postgres://localhost/roles_api' })
await store.migrate()
const auth = createAccounts({
  secret: process.env.AUTH_SECRET,
  store,
  origin: 'http://localhost', // nothing is sent
  mailer: () => {},
  maintenance: false,
})

const report = await auth.importUsers('system', oldUsers(from))
console.log(JSON.stringify(report, null, 2))
if (!report.complete || report.refused > 0) process.exitCode = 1
await auth.close()
await store.close()
