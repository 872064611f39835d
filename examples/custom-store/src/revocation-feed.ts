import type { Revocations, RevokedUser } from '@latchkey/core'
import type { RootDatabase } from './lmdb.ts'

type Revocation = { readonly session: string } | { readonly user: RevokedUser }

/** What was revoked, in the order of its being committed. For use in a transaction, as tables are. */
export interface RevocationFeed {
  add(revocation: Revocation): void
  since(cursor: string | null): Revocations
  /** Removes at most so many that nobody asks for any more, and says how many it were. */
  forget(limit: number): number
}

const RECENT_MS = 10_000

/** The contract asks for an hour; a clock may leap by some. */
const KEPT_MS = 86_400_000

/**
 * A cursor is the time of the last entry. The time is the machine's, but never earlier than the last one, and none comes
 * twice. There is one writer at a time, whatever the process: who sees an entry has seen all before it, so that no poll
 * needs to reach back.
 */
export function revocationFeed(root: RootDatabase): RevocationFeed {
  const entries = root.openDB<Revocation, number>({ name: 'revocations', encoding: 'json' })
  const lastTime = () => [...entries.getKeys({ reverse: true, limit: 1 })][0] ?? 0
  return {
    add: (revocation) => void entries.putSync(Math.max(Date.now(), lastTime() + 1), revocation),
    since(cursor) {
      const last = lastTime()
      const start = cursor === null ? last - RECENT_MS : Number(cursor) + 1
      const news = [...entries.getRange({ start })].map(({ value }) => value)
      return {
        sessions: news.flatMap((revocation) => ('session' in revocation ? revocation.session : [])),
        users: news.flatMap((revocation) => ('user' in revocation ? revocation.user : [])),
        cursor: String(last),
      }
    },
    forget(limit) {
      const old = [...entries.getKeys({ end: lastTime() - KEPT_MS, limit })]
      for (const time of old) entries.removeSync(time)
      return old.length
    },
  }
}
