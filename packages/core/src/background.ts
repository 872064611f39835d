/** Reports what failed where nobody waits for it. */
export type ErrorListener = (error: unknown, what: string) => void

/** Work that no answer waits for. */
export interface Background {
  /** Starts the work. A failure is reported with what was being done. */
  later(what: string, work: () => Promise<unknown>): void
  /** Resolves when all work has ended, also what began meanwhile. */
  settled(): Promise<void>
}

export function background(report: ErrorListener): Background {
  const running = new Set<Promise<void>>()
  return {
    later(what, work) {
      const run = Promise.resolve()
        .then(work)
        .catch((error: unknown) => report(error, what))
        .then(() => {
          running.delete(run)
        })
      running.add(run)
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
