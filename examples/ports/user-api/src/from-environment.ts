import { createAuth } from '@latchkey/core'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { accountOptions, type UserAuth } from './accounts.ts'

/** The accounts of the database that the environment names. */
export async function openFromEnvironment(
  port = 3000,
): Promise<{ auth: UserAuth; store: SqlStore }> {
  const url = process.env.DATABASE_URL || `sqlite:${import.meta.dirname}/../accounts.db`
  const store = sqlStore({ url })
  await store.migrate()
  const auth = createAuth({
    ...accountOptions,
    secret: process.env.AUTH_SECRET,
    store,
    origin: process.env.ORIGIN || `http://localhost:${port}`,
    phones: { defaultCountry: process.env.PHONE_COUNTRY || 'US' },
    mailer: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // yours sends it
    sms: ({ to, text }) => console.log(`To: ${to}\n${text}\n`), // and yours sends this
  })
  return { auth, store }
}
