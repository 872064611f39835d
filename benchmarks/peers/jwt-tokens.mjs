import { createSecretKey } from 'node:crypto'
import jsonwebtoken from 'jsonwebtoken'

const SECRET = 'a-secret-for-benchmarks-0123456789-abcdefghijk'

/** The secret as most write it down, or as a key that is made ready once. */
export function keyOf(kind) {
  return kind === 'prepared' ? createSecretKey(Buffer.from(SECRET)) : SECRET
}

/** Tokens of an hour: longer than the benchmark. */
export function bearerSessions(howMany) {
  return Array.from({ length: howMany }, (_, number) => {
    const claims = { sid: `session-${number}`, roles: ['user'] }
    const options = { subject: `user-${number}`, expiresIn: 3600, algorithm: 'HS256' }
    return { authorization: `Bearer ${jsonwebtoken.sign(claims, SECRET, options)}` }
  })
}
