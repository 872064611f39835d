import type { Session, SessionRotation, SupersededGeneration } from './records.ts'
import type { Seconds } from './time.ts'

/** How long a superseded refresh token still gets its successor. Never slides. */
export const REUSE_GRACE: Seconds = 30

const MAX_RECENT = 16

/**
 * What a genuine refresh token of a live session asks for:
 * - `rotate`: it is current; a successor is made.
 * - `replay`: it was superseded within the grace (another tab, a retry); it gets the same successor again.
 * - `recover`: it is the parent of a successor that nobody has ever shown, so the answer was lost; another successor
 *   is made and the lost one is burnt.
 * - `reuse`: two parties hold the session.
 */
export type RefreshVerdict = 'rotate' | 'replay' | 'recover' | 'reuse'

/** Judges a generation that is at most the session's own. `grace` includes the clock tolerance. */
export function judgeRefresh(
  session: Session,
  generation: number,
  now: Date,
  grace: Seconds,
): RefreshVerdict {
  const recent = stillRecent(session, now, grace)
  if (generation === session.generation) return recent.length < MAX_RECENT ? 'rotate' : 'replay'
  if (recent.some((entry) => entry.generation === generation)) return 'replay'
  const unseen = session.confirmedGeneration < session.generation
  return unseen && generation === session.parentGeneration ? 'recover' : 'reuse'
}

/** What to write for `rotate` and `recover`. */
export function nextRotation(
  session: Session,
  generation: number,
  now: Date,
  grace: Seconds,
): Omit<SessionRotation, 'lastSeenAt' | 'idleExpiresAt'> {
  const recovers = generation !== session.generation
  return {
    generation: session.generation + 1,
    parentGeneration: generation,
    recent: [...stillRecent(session, now, grace), { generation, at: now.getTime() }],
    // Whoever shows the current refresh token has seen it; in a recovery nobody has.
    confirmedGeneration: recovers
      ? session.confirmedGeneration
      : Math.max(session.confirmedGeneration, generation),
    burntBelow: recovers ? session.generation + 1 : session.burntBelow,
  }
}

/**
 * A negative age, from a clock that runs behind, counts as zero. No clock goes behind what the session has seen already:
 * else one that is set back would bring a spent token to life again (S114).
 */
function stillRecent(session: Session, now: Date, grace: Seconds): readonly SupersededGeneration[] {
  const latest = Math.max(now.getTime(), session.lastSeenAt.getTime())
  return session.recent.filter((entry) => latest - entry.at <= grace * 1000)
}
