import type { Seconds } from './time.ts'

/** How work is waited for. */
interface Waiting {
  /** Whether the process stays alive for as long as that may take. @default true */
  readonly keepsAlive?: boolean
}

/**
 * Resolves what the work does; rejects once so many seconds are over, whether or not the work heeds the signal that
 * tells it so.
 */
export async function withinDeadline<T>(
  deadline: Seconds,
  work: (signal: AbortSignal) => Promise<T>,
  { keepsAlive = true }: Waiting = {},
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const controller = new AbortController()
  const timer = setTimeout(() => {
    const error = new Error(`no answer within ${deadline} s`)
    controller.abort(error)
    reject(error)
  }, deadline * 1000)
  if (!keepsAlive) timer.unref()
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
