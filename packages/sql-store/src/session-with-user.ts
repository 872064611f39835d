import type { SessionWithUser } from '@latchkey/core'
import type { Database } from './database.ts'
import type { Row } from './rows.ts'
import { membersOf, sessionColumns, userColumns } from './tables.ts'

// Both have an id: in one row the columns need names of their own.
const SESSION = 's_'
const USER = 'u_'

const sessionSelection = membersOf(sessionColumns).map(
  (member) => `s.${member} as ${SESSION}${member}` as const,
)
const userSelection = membersOf(userColumns).map(
  (member) => `u.${member} as ${USER}${member}` as const,
)

/** Sessions `s` with their users `u`. */
export function selectSessionWithUser(db: Database) {
  const { sessions, users } = db.tables
  return db.build
    .selectFrom(`${sessions} as s`)
    .innerJoin(`${users} as u`, 'u.id', 's.userId')
    .select(sessionSelection)
    .select(userSelection)
}

/** Makes both records of such a row. */
export function sessionWithUserReader(db: Database): (row: Row) => SessionWithUser {
  const readSession = db.reader(sessionColumns, SESSION)
  const readUser = db.reader(userColumns, USER)
  return (row) => ({ session: readSession(row), user: readUser(row) })
}
