import type { Context } from './context.ts'
import { mac } from './crypto/digest.ts'
import { AuthError } from './errors.ts'
import type { Client } from './events.ts'
import { canonicalIp, networkOf } from './ip-address.ts'
import { type LimitName, limitTable } from './limit-table.ts'
import type { Seconds } from './time.ts'

/** Of whom an event tells that a limit was reached. */
export interface LimitSubject {
  readonly userId?: string
  readonly client: Client
}

/** Half a hash: nobody finds two keys that have the same, and backends keep less. */
const KEY_LENGTH = 22

/** The key of something that must not stand in a backend as it is. */
export function limitKey(ctx: Pick<Context, 'keys'>, kind: string, value: string): string {
  return mac(ctx.keys.current.limit, kind, value).slice(0, KEY_LENGTH)
}

/** The key of the client's address; `null` when nobody knows it, and nothing is counted by address. */
export function addressKey(ctx: Pick<Context, 'keys'>, { ip }: Client): string | null {
  if (ip === null) return null
  const canonical = canonicalIp(ip)
  return limitKey(ctx, 'address', canonical === null ? ip : networkOf(canonical))
}

/** Counts one, before the work; throws `rate_limited` when that is too many. */
export async function limit(
  ctx: Context,
  rule: LimitName,
  key: string,
  subject: LimitSubject,
): Promise<void> {
  const wait = await ctx.limits.count(rule, key)
  if (wait !== null) throw await limited(ctx, rule, key, wait, subject)
}

/** Counts one for the client's address. Resolves its key. */
export async function limitAddress(
  ctx: Context,
  rule: LimitName,
  client: Client,
): Promise<string | null> {
  const key = addressKey(ctx, client)
  if (key !== null) await limit(ctx, rule, key, { client })
  return key
}

/** The refusal, after a word to the audit log: one in a window, so that an attack does not fill it. */
export async function limited(
  ctx: Context,
  rule: LimitName,
  key: string,
  wait: Seconds,
  subject: LimitSubject,
): Promise<AuthError> {
  await tellOfLimit(ctx, rule, key, subject)
  const { points, window } = ctx.limits.rules[rule]
  return new AuthError('rate_limited', { retryAfter: wait, limit: { rule, points, window } })
}

/** Tells the audit log once in a window that a limit was reached. */
export async function tellOfLimit(
  ctx: Context,
  rule: LimitName,
  key: string,
  { userId, client }: LimitSubject,
): Promise<void> {
  if (!(await ctx.limits.isNews(rule, key))) return
  const { per } = limitTable[rule]
  ctx.emit({ type: 'limit.reached', rule, per, client, ...(userId !== undefined && { userId }) })
}
