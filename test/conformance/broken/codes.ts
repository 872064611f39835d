import { type BrokenStore, broken, tick } from './broken-store.ts'
import { EVER, inSlot, removeFrom } from './slots.ts'

const RACE = 'one-time codes, 50 calls at once'
const TRY = 'oneTimeTokens.tryCode'

export const brokenCodes: readonly BrokenStore[] = [
  broken(
    'reads the attempts that are left, then spends one',
    `${RACE} > S020 S112 give exactly as many tries as attempts are left`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const token = await inSlot(oneTimeTokens, { userId, purpose, slot: '' })
          const left = token?.attemptsLeft ?? 0
          await tick()
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          return tried ?? (token && left > 0 ? { ...token, attemptsLeft: left - 1 } : null)
        },
      },
    }),
  ),

  broken(
    'writes back the token that it read when it spends an attempt',
    `${RACE} > do not bring back a token that was taken`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          await tick()
          if (tried !== null) await oneTimeTokens.put(tried)
          return tried
        },
      },
    }),
  ),

  broken(
    'spends an attempt of whatever token stands in the place by then',
    `${RACE} > spend nothing once the code expired`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const tried = await oneTimeTokens.tryCode(userId, purpose, EVER)
          const expired = tried?.codeExpiresAt && tried.codeExpiresAt <= now
          return expired ? null : tried
        },
      },
    }),
  ),

  broken(
    'spends attempts below none',
    `${TRY} > S020 answers null once no attempt is left; the link goes on`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          const token = await inSlot(oneTimeTokens, { userId, purpose, slot: '' })
          if (tried !== null || token?.attemptsLeft !== 0) return tried
          return { ...token, attemptsLeft: -1 }
        },
      },
    }),
  ),

  broken(
    'answers the token before the subtraction',
    `${TRY} > S020 spends one attempt and answers the token after it`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(...ask) {
          const tried = await oneTimeTokens.tryCode(...ask)
          return tried && { ...tried, attemptsLeft: tried.attemptsLeft + 1 }
        },
      },
    }),
  ),

  broken(
    'spends nothing: the attempt is to be spent after the comparison',
    `${TRY} > S020 spends one attempt and answers the token after it`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const token = await inSlot(oneTimeTokens, { userId, purpose, slot: '' })
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          if (token === undefined || tried === null) return tried
          await removeFrom(oneTimeTokens, token)
          await oneTimeTokens.put(token)
          return tried
        },
      },
    }),
  ),

  ...(['codeExpiresAt', 'expiresAt'] as const).map((limit) =>
    broken(
      `gives a try just at ${limit}`,
      `${TRY} > answers null from ${limit} on, to the millisecond, and spends nothing`,
      ({ oneTimeTokens }) => ({
        oneTimeTokens: {
          async tryCode(userId, purpose, now) {
            const token = await inSlot(oneTimeTokens, { userId, purpose, slot: '' })
            const atLimit = token?.[limit]?.getTime() === now.getTime()
            return oneTimeTokens.tryCode(userId, purpose, new Date(now.getTime() - Number(atLimit)))
          },
        },
      }),
    ),
  ),

  broken(
    'gives a try at a token without a code',
    `${TRY} > answers null where there is no code, and spends nothing`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const token = await inSlot(oneTimeTokens, { userId, purpose, slot: '' })
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          return token?.codeHash === null ? token : tried
        },
      },
    }),
  ),

  broken(
    'gives a try at a token in any slot',
    `${TRY} > answers null where the only token is in another slot, and spends nothing`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          const [any] = await oneTimeTokens.list(userId, purpose, now, 1)
          return tried ?? (any?.slot === '' ? null : (any ?? null))
        },
      },
    }),
  ),

  broken(
    'gives a try at a token for another purpose',
    `${TRY} > answers null where the only token is for another purpose, and spends nothing`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        tryCode: async (userId, purpose, now) =>
          (await oneTimeTokens.tryCode(userId, purpose, now)) ??
          oneTimeTokens.tryCode(userId, 'reset_password', now),
      },
    }),
  ),
]
