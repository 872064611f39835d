import { type BrokenStore, broken, tick } from './broken-store.ts'
import { EVER, inSlot, removeFrom } from './slots.ts'

const RACE = 'one-time codes, 50 calls at once'
const PUT = 'oneTimeTokens.put, where a token stood'

export const brokenAttempts: readonly BrokenStore[] = [
  broken(
    'gives new attempts with a new code',
    `${PUT} > S020 gives no new attempts however often it is asked`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          await removeFrom(oneTimeTokens, token)
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
          const old = await inSlot(oneTimeTokens, token)
          const live = old !== undefined && old.expiresAt > token.createdAt
          await removeFrom(oneTimeTokens, token)
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
          const old = await inSlot(oneTimeTokens, token)
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
          const old = await inSlot(oneTimeTokens, token)
          const soon = Number(old?.expiresAt) - 1 <= token.createdAt.getTime()
          if (soon) await removeFrom(oneTimeTokens, token)
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
          const old = await inSlot(oneTimeTokens, token)
          await tick()
          const live = old !== undefined && old.expiresAt > token.createdAt
          const left = live ? old.attemptsLeft : token.attemptsLeft
          await removeFrom(oneTimeTokens, token)
          return oneTimeTokens.put({ ...token, attemptsLeft: Math.min(left, token.attemptsLeft) })
        },
      },
    }),
  ),
]
