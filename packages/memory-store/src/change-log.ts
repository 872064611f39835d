import type { Revocations, RevokedUser } from '@latchkey/core'

/** What was revoked, in the order of its happening. */
export interface ChangeLog {
  sessionEnded(id: string): void
  userChanged(user: RevokedUser): void
  since(cursor: string | null): Revocations
}

interface Change {
  readonly at: number
  readonly session?: string
  readonly user?: RevokedUser
}

// How far back `since(null)` reaches, and how long a change is kept: a node that polled nothing for longer starts anew.
const RECENT_MS = 10_000
const KEPT_MS = 3_600_000

/** Numbers the changes: a cursor is the number of the last one that its holder has seen. */
export function changeLog(): ChangeLog {
  let changes: Change[] = []
  let forgotten = 0

  function add(change: Omit<Change, 'at'>): void {
    changes.push({ ...change, at: Date.now() })
    forget()
  }

  /** In large steps, so that a change costs next to nothing. */
  function forget(): void {
    const oldest = changes[0]
    if (oldest === undefined || Date.now() - oldest.at < 2 * KEPT_MS) return
    const kept = changes.filter(({ at }) => Date.now() - at < KEPT_MS)
    forgotten += changes.length - kept.length
    changes = kept
  }

  function startOf(cursor: string | null): number {
    if (cursor !== null) return Math.max(0, Number(cursor) - forgotten)
    const first = changes.findIndex(({ at }) => Date.now() - at <= RECENT_MS)
    return first === -1 ? changes.length : first
  }

  return {
    sessionEnded: (session) => add({ session }),
    userChanged: ({ id, credentialEpoch, claimsVersion }) =>
      add({ user: { id, credentialEpoch, claimsVersion } }),
    since(cursor) {
      const news = changes.slice(startOf(cursor))
      return {
        sessions: news.flatMap(({ session }) => session ?? []),
        users: news.flatMap(({ user }) => (user === undefined ? [] : { ...user })),
        cursor: String(forgotten + changes.length),
      }
    },
  }
}
