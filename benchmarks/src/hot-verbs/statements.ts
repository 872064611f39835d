import { bothSelection, sessionColumns, userSelection } from './rows.ts'

/** What differs in the statements that databases share. */
interface Dialect {
  readonly larger: 'max' | 'greatest'
  readonly smaller: 'min' | 'least'
}

/** The statements of the store, as somebody would write them by hand. */
export function statementsIn({ larger, smaller }: Dialect) {
  const mayBeSeen = (from: string) =>
    `${from}revoked_at is null and ${from}idle_expires_at > ? and ${from}absolute_expires_at > ?
      and ? between ${from}burnt_below and ${from}generation`
  const due = 'confirmed_generation < ? or last_seen_at < ?'
  const write = `update latchkey_sessions
    set idle_expires_at = case when ${due} then ${smaller}(?, absolute_expires_at) else idle_expires_at end,
      last_seen_at = case when ${due} then ? else last_seen_at end,
      confirmed_generation = ${larger}(confirmed_generation, ?)`
  const read = `select ${bothSelection}
    from latchkey_sessions s join latchkey_users u on u.id = s.user_id where s.id = ?`
  const members = sessionColumns.join(', ')
  return {
    insert: `insert into latchkey_sessions (${members})
      values (${sessionColumns.map(() => '?').join(', ')})`,
    find: read,
    rotate: `update latchkey_sessions
      set generation = ?, parent_generation = ?, recent = ?,
        confirmed_generation = ${larger}(confirmed_generation, ?), burnt_below = ?,
        last_seen_at = ?, idle_expires_at = ?
      where id = ? and generation = ? and revoked_at is null`,
    countFailedLogin: `update latchkey_users set failed_logins = failed_logins + 1 where email = ?
      returning ${userSelection}`,
    confirmByReading: `${read} and ${mayBeSeen('s.')}`,
    confirmByWriting: `${write} where id = ? and ${mayBeSeen('')}`,
  }
}
