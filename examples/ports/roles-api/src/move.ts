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

/** The id of each row, for the report. */
const ids: number[] = []
const report = await auth.importUsers('system', oldUsers(from, ids))
console.log(`${report.created} moved, ${report.skipped} there already, ${report.refused} refused`)
for (const { row, errors } of report.errors) {
  const reasons = errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
  console.log(`users.id ${ids[row - 1]}: ${reasons.join(' ')}`)
}
const more = report.refused - report.errors.length
if (more > 0) console.log(`and ${more} more`)
if (!report.complete || report.refused > 0) process.exitCode = 1
await auth.close()
await store.close()
