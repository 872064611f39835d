import type { Migrated } from './databases.ts'
import { NOW } from './records.ts'

/** Rows in each table: enough that whoever plans a query prefers an index where there is one. */
const ROWS = 5000
const BATCH = 500

/** Fills the tables with accounts that have nothing to do with the test, and lets the database count them. */
export async function crowd(database: Migrated, time: (iso: string) => string): Promise<void> {
  const now = time('2030-01-01 00:00:00.000')
  const later = time('2031-01-01 00:00:00.000')
  // Those with larger numbers came earlier, a minute apart.
  const cameAt = (n: number) => time(timeBefore(n))
  const rows = {
    latchkey_users: (n: number) =>
      `('user-${n}', 'user-${n}@example.com', 'user-${n}', '${phoneOf(n)}', '["user"]', 'active', 0, 0, 0, FALSE, '{}', ${cameAt(n)}, ${now}, 1)`,
    latchkey_sessions: (n: number) =>
      `('session-${n}', 'user-${n}', '', 1, '[]', 0, 0, 0, ${now}, '[]', '{}', ${now}, ${now}, ${later}, ${later})`,
    latchkey_one_time_tokens: (n: number) =>
      `('token-${n}', 'user-${n}', 'reset_password', '', 'email', 'hash-${n}', 5, '', 0, ${now}, ${later}, '{}')`,
    latchkey_events: (n: number) =>
      `('event-${n}', ${cameAt(n)}, 'session.started', ${n % 10 === 0 ? `'failure'` : `'success'`}, 'user-${n}', ${n % 10 === 0 ? `'user-0'` : 'null'}, '{}')`,
  }
  for (const [table, row] of Object.entries(rows)) {
    for (let from = 0; from < ROWS; from += BATCH) {
      const values = Array.from({ length: BATCH }, (_, index) => row(from + index))
      await database.query(`insert into ${table} (${COLUMNS[table]}) values ${values.join(', ')}`)
    }
  }
}

function timeBefore(minutes: number): string {
  const time = new Date(NOW.getTime() - minutes * 60_000)
  return time.toISOString().replace('T', ' ').replace('Z', '')
}

function phoneOf(n: number): string {
  return `+4915${String(n).padStart(9, '0')}`
}

const COLUMNS: Readonly<Record<string, string>> = {
  latchkey_users:
    'id, email, username, phone, roles, status, credential_epoch, claims_version, failed_logins, leaving_admin, profile, created_at, updated_at, version',
  latchkey_sessions:
    'id, user_id, salt, generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at',
  latchkey_one_time_tokens:
    'id, user_id, purpose, slot, channel, link_hash, attempts_left, proves, credential_epoch, created_at, expires_at, data',
  latchkey_events: 'id, at, type, outcome, user_id, actor_id, data',
}
