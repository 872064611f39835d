// Revokes sessions at an even rate: node revoker.ts '{"url":"…","rate":1000,"seconds":20}'
import { setTimeout as pause } from 'node:timers/promises'
import { sqlStore } from '@latchkey/sql-store'
import { newId } from '../../../packages/core/src/crypto/random.ts'
import { exampleSession, exampleUser } from '../records.ts'

// A few more than the listener warms up and measures.
const MORE_SECONDS = 14
const IN_PARALLEL = 16
const DAYS = 7

const { url, rate, seconds } = JSON.parse(process.argv[2] ?? '')
const store = sqlStore({ url })
const now = new Date()
const user = exampleUser(newId(now), 'revoked@example.com', now)
await store.users.insert(user)

let revoked = 0
const start = performance.now()
const end = start + (seconds + MORE_SECONDS) * 1000
await Promise.all(Array.from({ length: IN_PARALLEL }, revokeUntilTheEnd))
process.send?.({ revocationsPerSecond: (revoked * 1000) / (performance.now() - start) })
await store.close()

async function revokeUntilTheEnd(): Promise<void> {
  while (performance.now() < end) {
    const due = ((performance.now() - start) * rate) / 1000
    if (revoked >= due) await pause(5)
    else await revokeOne()
  }
}

async function revokeOne(): Promise<void> {
  revoked += 1
  const session = exampleSession(newId(new Date()), user.id, new Date(), DAYS)
  await store.sessions.insert(session)
  await store.sessions.revoke(session.id, 'logout', new Date())
}
