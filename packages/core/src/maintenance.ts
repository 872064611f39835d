import type { Context } from './context.ts'
import { eraseUser } from './deletion.ts'
import { AuthError } from './errors.ts'
import type { User } from './records.ts'
import { before, HOUR, MINUTE, type Seconds } from './time.ts'
import { ACCESS_TOKEN_CAP } from './tokens/access-token.ts'
import { isDueForDeletion } from './users.ts'

/** Ended sessions and deleted users are kept for as long as a node may need to hear of them. */
const RETENTION: Seconds = ACCESS_TOKEN_CAP + 2 * MINUTE

const BATCH = 100

/** Deletes what is expired, and the accounts whose time has come. Resolves how many records went. */
export async function prune(ctx: Context): Promise<number> {
  const now = ctx.now()
  const erased = await eraseDue(ctx, now)
  const pruned = await ctx.store.prune({
    now,
    endedBefore: before(now, RETENTION),
    pendingBefore: before(now, ctx.settings.pendingLifetime),
    eventsBefore: before(now, ctx.settings.auditRetention),
  })
  return erased + pruned
}

async function eraseDue(ctx: Context, now: Date): Promise<number> {
  let erased = 0
  let due: readonly User[]
  do {
    due = await ctx.store.users.listDueForDeletion(now, BATCH)
    for (const { id } of due) if (await eraseIfDue(ctx, id, now)) erased += 1
  } while (due.length === BATCH)
  return erased
}

/** Another node may be at it too, and its owner may have logged in just before the end. */
async function eraseIfDue(ctx: Context, userId: string, now: Date): Promise<boolean> {
  const erased = await eraseUser(ctx, userId, {
    reason: 'grace_over',
    check(user) {
      if (!isDueForDeletion(user, now)) throw new AuthError('not_found')
    },
  })
  return erased !== null
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
