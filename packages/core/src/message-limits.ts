import { addressOf } from './addresses.ts'
import type { Context } from './context.ts'
import type { Client } from './events.ts'
import type { LimitName } from './limit-table.ts'
import { type LimitSubject, limit, limitAddress, limited, limitKey, tellOfLimit } from './limits.ts'
import type { Address } from './messages.ts'
import type { Channel, User } from './records.ts'
import type { Seconds } from './time.ts'

type Rules = Readonly<Record<Channel, readonly LimitName[]>>

// The shortest wait first.
const rules: Rules = {
  email: ['messages'],
  sms: ['textMessages', 'messages', 'textMessagesOfDay'],
}

// Whoever has these sent to a stranger leaves room for what the stranger gets back into the account with (S029).
const rulesOfOthers: Rules = {
  email: ['otherMessages', ...rules.email],
  sms: ['otherMessages', 'otherTextMessagesOfDay', ...rules.sms],
}

/**
 * Counts a message that somebody asked for, and says whether it may go to this destination. Where it may not, the
 * answer is what it would have been, and the audit log tells of it (S022).
 */
export async function mayReach(
  ctx: Context,
  address: Address,
  subject: LimitSubject,
): Promise<boolean> {
  return isWithin(ctx, rulesOfOthers, address, subject)
}

/** Like {@link mayReach}, for the choice of a new password. Where it is not sent, the one before it stays in force. */
export async function mayReset(
  ctx: Context,
  address: Address,
  subject: LimitSubject,
): Promise<boolean> {
  return isWithin(ctx, rules, address, subject)
}

/**
 * Counts a request for a message to an address that nobody has proved to be the user's: nobody floods others by means
 * of an account. Throws `rate_limited`.
 */
export async function limitMessages(ctx: Context, user: User, client: Client): Promise<void> {
  await limitAddress(ctx, 'messagesFromAddress', client)
  await limit(ctx, 'messagesOfAccount', user.id, { userId: user.id, client })
}

/** Like {@link mayReach}, for a message to the own address of the user. */
export async function mayReachUser(
  ctx: Context,
  user: User,
  { client }: Pick<LimitSubject, 'client'>,
): Promise<boolean> {
  const address = addressOf(user)
  return address !== null && mayReach(ctx, address, { userId: user.id, client })
}

/** Like {@link mayReach}, for who knows the account anyway: throws `rate_limited`. */
export async function checkMayReach(
  ctx: Context,
  address: Address,
  subject: LimitSubject,
): Promise<void> {
  const refusal = await refuse(ctx, rules, address)
  if (refusal === null) return
  throw await limited(ctx, refusal.rule, refusal.key, refusal.wait, subject)
}

interface Refusal {
  readonly rule: LimitName
  readonly key: string
  readonly wait: Seconds
}

async function isWithin(
  ctx: Context,
  which: Rules,
  address: Address,
  subject: LimitSubject,
): Promise<boolean> {
  const refusal = await refuse(ctx, which, address)
  if (refusal !== null) await tellOfLimit(ctx, refusal.rule, refusal.key, subject)
  return refusal === null
}

/** What one rule refuses counts for none of the others. */
async function refuse(
  ctx: Context,
  which: Rules,
  { channel, canonical }: Address,
): Promise<Refusal | null> {
  const key = limitKey(ctx, channel, canonical)
  const counted: LimitName[] = []
  for (const rule of which[channel]) {
    const wait = await ctx.limits.count(rule, key)
    if (wait !== null) {
      for (const one of counted) await ctx.limits.giveBack(one, key)
      return { rule, key, wait }
    }
    counted.push(rule)
  }
  return null
}
