import type { OneTimeToken, OneTimeTokenStore, TokenPurpose } from '@latchkey/core'
import { type BrokenStore, broken, tick } from './broken-store.ts'

const RACE = 'one-time codes, 50 calls at once'
const PUT = 'oneTimeTokens.put, where a token stood'
const TRY = 'oneTimeTokens.tryCode'
const EVER = new Date(0)

export const brokenCodes: readonly BrokenStore[] = [
  broken(
    'gives new attempts with a new code',
    `${PUT} > S020 gives no new attempts however often it is asked`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          await remove(oneTimeTokens, token)
          return oneTimeTokens.put(token)
        },
      },
    }),
  ),

  broken(
    'keeps the attempts of the old token, also where the new one has fewer',
    `${PUT} > S020 writes and resolves 1 attempts after 5, given 1`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const old = await inSlot(oneTimeTokens, token.userId, token.purpose, token.slot)
          const live = old !== undefined && old.expiresAt > token.createdAt
          await remove(oneTimeTokens, token)
          return oneTimeTokens.put(live ? { ...token, attemptsLeft: old.attemptsLeft } : token)
        },
      },
    }),
  ),

  broken(
    'carries attempts over from a token that has expired',
    `${PUT} > gives new attempts 0 ms after the old token expired`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const old = await inSlot(oneTimeTokens, token.userId, token.purpose, token.slot)
          const attemptsLeft = Math.min(old?.attemptsLeft ?? Infinity, token.attemptsLeft)
          return oneTimeTokens.put({ ...token, attemptsLeft })
        },
      },
    }),
  ),

  broken(
    'gives new attempts 1 ms before the old token expires',
    `${PUT} > S020 carries attempts over 1 ms before the old token expires`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const old = await inSlot(oneTimeTokens, token.userId, token.purpose, token.slot)
          const soon = Number(old?.expiresAt) - 1 <= token.createdAt.getTime()
          if (soon) await remove(oneTimeTokens, token)
          return oneTimeTokens.put(token)
        },
      },
    }),
  ),

  broken(
    'resolves the attempts that it was given',
    `${PUT} > S020 writes and resolves 2 attempts after 2, given 5`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          await oneTimeTokens.put(token)
          return token.attemptsLeft
        },
      },
    }),
  ),

  broken(
    'carries attempts over from whatever slot',
    `${PUT} > carries nothing over from a token in another slot`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const others = await oneTimeTokens.list(token.userId, token.purpose, EVER, 100)
          const left = others.map(({ attemptsLeft }) => attemptsLeft)
          return oneTimeTokens.put({
            ...token,
            attemptsLeft: Math.min(...left, token.attemptsLeft),
          })
        },
      },
    }),
  ),

  broken(
    'reads the attempts that are left, then puts the new token',
    `${RACE} > S020 give no attempt more to whoever asks for codes meanwhile`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const old = await inSlot(oneTimeTokens, token.userId, token.purpose, token.slot)
          await tick()
          const live = old !== undefined && old.expiresAt > token.createdAt
          const left = live ? old.attemptsLeft : token.attemptsLeft
          await remove(oneTimeTokens, token)
          return oneTimeTokens.put({ ...token, attemptsLeft: Math.min(left, token.attemptsLeft) })
        },
      },
    }),
  ),

  broken(
    'reads the attempts that are left, then spends one',
    `${RACE} > S020 S112 give exactly as many tries as attempts are left`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const token = await inSlot(oneTimeTokens, userId, purpose, '')
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
          const token = await inSlot(oneTimeTokens, userId, purpose, '')
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
          const token = await inSlot(oneTimeTokens, userId, purpose, '')
          const tried = await oneTimeTokens.tryCode(userId, purpose, now)
          if (token === undefined || tried === null) return tried
          await remove(oneTimeTokens, token)
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
            const token = await inSlot(oneTimeTokens, userId, purpose, '')
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
          const token = await inSlot(oneTimeTokens, userId, purpose, '')
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

async function inSlot(
  tokens: OneTimeTokenStore,
  userId: string,
  purpose: TokenPurpose,
  slot: string,
): Promise<OneTimeToken | undefined> {
  const found = await tokens.list(userId, purpose, EVER, 100)
  return found.find((token) => token.slot === slot)
}

/** Whatever stands in the place of the token. */
async function remove(
  tokens: OneTimeTokenStore,
  { userId, purpose, slot }: OneTimeToken,
): Promise<void> {
  const token = await inSlot(tokens, userId, purpose, slot)
  if (token !== undefined) await tokens.take(token.linkHash, purpose, EVER)
}
