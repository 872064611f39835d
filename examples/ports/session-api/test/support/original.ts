import { createConnection } from 'mysql2/promise'

/** What Werkzeug 3.1 and bcrypt 5.0 for Python make of {@link OLD_PASSWORD}. */
export const hashes = {
  scrypt:
    'scrypt:32768:8:1$GnvGdyl4pkSQOHau$b0cef63e6aba9326b7b131b6f1d46fedd1c9ee587913258cde95cb204c26ebc13aaeed14b7e4b493446f0d83d27dcb3d8bff93d93391bcc32e265d34d3e9b4c4',
  pbkdf2:
    'pbkdf2:sha256:260000$40nEhhkwXTwuWMV4$f7ebb7422b483f543d8cfea5b18f1056541b3c3ba4f39865f17aec12c20999c1',
  bcrypt: '$2b$12$lvyeZwmFn/HhyFdRyMhbXeLeC7aTvIxZzk47TepzGs.PYQsW1Wuq2',
} as const

export const OLD_PASSWORD = 'correct horse bättery ✓'

/** A row of the original's table: username, password, email, created_at. */
export type OldRow = readonly [string, string | null, string | null, string | null]

/** The tables of the original, with these users, of whom the first is logged in. */
export async function fillOriginal(url: string, rows: readonly OldRow[]): Promise<void> {
  const connection = await createConnection({ uri: url, multipleStatements: true })
  await connection.query(`
    CREATE TABLE users (
      id INT AUTO_INCREMENT PRIMARY KEY,
      username VARCHAR(80) UNIQUE,
      password VARCHAR(255),
      email VARCHAR(120) UNIQUE,
      created_at DATETIME
    );
    CREATE TABLE sessions (
      id INT AUTO_INCREMENT PRIMARY KEY,
      user_id INT,
      token VARCHAR(255),
      device VARCHAR(255),
      created_at DATETIME
    )`)
  await addUsers(url, rows)
  await connection.query(
    `INSERT INTO sessions (user_id, token, device, created_at)
      VALUES (1, 'the-token-of-the-first-user', 'Phone', '2026-01-01 12:00:00')`,
  )
  await connection.end()
}

/** Gives a user of the original another number. */
export async function setId(url: string, username: string, id: number): Promise<void> {
  const connection = await createConnection(url)
  await connection.query('UPDATE users SET id = ? WHERE username = ?', [id, username])
  await connection.end()
}

/** More users of the original. */
export async function addUsers(url: string, rows: readonly OldRow[]): Promise<void> {
  const connection = await createConnection(url)
  await connection.query('INSERT INTO users (username, password, email, created_at) VALUES ?', [
    rows,
  ])
  await connection.end()
}
