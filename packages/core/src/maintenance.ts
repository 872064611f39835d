import type { Context } from './context.ts'
import { before, HOUR, MINUTE, type Seconds } from './time.ts'
import { ACCESS_TOKEN_CAP } from './tokens/access-token.ts'

/** Ended sessions and deleted users are kept for as long as a node may need to hear of them. */
const RETENTION: Seconds = ACCESS_TOKEN_CAP + 2 * MINUTE

/** Deletes what is expired. Resolves how many records went. */
export function prune(ctx: Context): Promise<number> {
  const now = ctx.now()
  return ctx.store.prune({
    now,
    endedBefore: before(now, RETENTION),
    pendingBefore: before(now, ctx.settings.pendingLifetime),
  })
}

/**
 * Prunes about once an hour, at no fixed minute, so that many nodes do not do it together. Does not keep the process
 * alive. Call what comes back to stop.
 */
export function startMaintenance(ctx: Context): () => void {
  let timer: NodeJS.Timeout
  const schedule = () => {
    const delay = (0.75 + Math.random() / 2) * HOUR * 1000
    timer = setTimeout(run, delay).unref()
  }
  const run = () => {
    ctx.later('deleting what is expired', () => prune(ctx))
    schedule()
  }
  schedule()
  return () => clearTimeout(timer)
}
