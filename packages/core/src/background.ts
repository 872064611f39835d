import type { Seconds } from './time.ts'

/** Reports what failed where nobody waits for it. */
export type ErrorListener = (error: unknown, what: string) => void

/** Work that no answer waits for. */
export interface Background {
  /** Starts the work. A failure is reported with what was being done. */
  later(what: string, work: () => Promise<unknown>): void
  /** Resolves when all work has ended, also what began meanwhile; after so many seconds it reports and gives up. */
  settled(deadline: Seconds): Promise<void>
}

export function background(report: ErrorListener): Background {
  const running = new Set<Promise<void>>()
  return {
    later(what, work) {
      // A full turn of the event loop: a store or mailer that answers at once would otherwise delay the response.
      const run = new Promise<void>((resolve) => setImmediate(resolve))
        .then(work)
        .catch((error: unknown) => report(error, what))
        .then(() => {
          running.delete(run)
        })
      running.add(run)
    },
    async settled(deadline) {
      const { promise: late, resolve } = Promise.withResolvers<'late'>()
      const timer = setTimeout(resolve, deadline * 1000, 'late')
      let outcome: unknown
      while (running.size > 0 && outcome !== 'late') {
        outcome = await Promise.race([Promise.all(running), late])
      }
      clearTimeout(timer)
      if (outcome === 'late')
        report(new Error(`${running.size} pieces of work did not end`), 'closing')
    },
  }
}
