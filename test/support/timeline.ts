import type { FakeClock } from '@latchkey/core/testing'

/** What is still to happen on a fake clock. */
export interface Timeline {
  /** Seconds since the start. */
  now(): number
  after(seconds: number, happen: () => Promise<void> | void): void
  /** Lets everything happen up to then. What is due at the same second happens at once, each racing the others. */
  runUntil(end: number): Promise<void>
}

interface Happening {
  readonly at: number
  readonly happen: () => Promise<void> | void
}

export function timeline(clock: FakeClock): Timeline {
  const start = clock.now().getTime()
  const now = () => (clock.now().getTime() - start) / 1000
  let ahead: Happening[] = []
  return {
    now,
    after(seconds, happen) {
      ahead.push({ at: now() + seconds, happen })
    },
    async runUntil(end) {
      for (;;) {
        const next = Math.min(...ahead.map(({ at }) => at))
        if (next > end) return
        const due = ahead.filter(({ at }) => at === next)
        ahead = ahead.filter(({ at }) => at !== next)
        clock.advance(next - now())
        await Promise.all(due.map(({ happen }) => happen()))
      }
    },
  }
}
