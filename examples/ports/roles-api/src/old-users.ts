import pg from 'pg'

const PAGE = `
  select id, public_id, first_name, last_name, email, password_hash, email_verified, role,
         registered_on at time zone 'UTC' as registered_on
  from users where id > $1::bigint order by id limit 500`

/**
 * The accounts of the Flask service, each as a row for `auth.importUsers`. Holds one page of them in memory.
 *
 * @param ids Gets the id of each row, for the report.
 */
export async function* oldUsers(url: string, ids: number[]) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (let last = Number.MIN_SAFE_INTEGER; ; ) {
      const { rows } = await client.query(PAGE, [last])
      if (rows.length === 0) return
      for (const row of rows) {
        ids.push(row.id)
        yield imported(row)
      }
      last = rows.at(-1).id
    }
  } finally {
    await client.end()
  }
}

/** A row, as the driver gives it. */
interface OldUser {
  readonly public_id: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email: string
  readonly password_hash: string | null
  readonly email_verified: boolean | null
  readonly role: string | null
  readonly registered_on: Date | null
}

function imported(user: OldUser) {
  return {
    id: user.public_id,
    email: user.email,
    emailVerified: user.email_verified,
    passwordHash: user.password_hash,
    roles: user.role === null ? null : [user.role],
    profile: { first_name: user.first_name ?? '', last_name: user.last_name ?? '' },
    createdAt: user.registered_on?.toISOString(),
  }
}
