/** A hash as argon2 makes them: an import of known hashes hashes nothing. */
const HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzaXh0ZWVuIGJ5dGVz$J8yXu6ZQZ2m0t9hQv0V3cVtZbWv9Jp0lqk8mE1r7T2o'

/** What a file holds. */
export interface FilePlan {
  readonly rows: number
  /** The size of the text that each profile holds. */
  readonly note: number
  /** The row that is none; 0 where there is no such row. */
  readonly broken: number
}

const HEADER = 'id,email,emailVerified,username,passwordHash,roles,status,createdAt,profile\r\n'
const CHUNK = 64 * 1024

/** A CSV file of that plan, made while it is read. */
export async function* csvFile({ rows, note, broken }: FilePlan): AsyncGenerator<Buffer> {
  const text = 'x'.repeat(note)
  let chunk = HEADER
  for (let row = 1; row <= rows; row += 1) {
    chunk += row === broken ? 'this is no row\r\n' : line(row, text)
    if (chunk.length < CHUNK) continue
    yield Buffer.from(chunk)
    chunk = ''
  }
  yield Buffer.from(chunk)
}

function line(row: number, text: string): string {
  const number = String(row).padStart(12, '0')
  const profile = JSON.stringify({ name: `User ${row}`, locale: 'en', note: text })
  return `0190a5f2-0000-7000-8000-${number},user-${row}@example.com,true,user-${row},"${HASH}",user,active,2024-01-02T03:04:05.678Z,"${profile.replaceAll('"', '""')}"\r\n`
}
