import type { OneTimeToken, OneTimeTokenStore } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { type BrokenStore, broken, tick } from './broken-store.ts'
import { foreignKey } from './foreign-key.ts'
import { EVER, inSlot } from './slots.ts'

const RACE = 'one-time tokens, 50 calls at once'
const READS = 'oneTimeTokens.find and oneTimeTokens.take'

export const brokenOneTimeTokens: readonly BrokenStore[] = [
  broken(
    'finds a one-time token, then deletes it',
    `${RACE} > S112 give a token to exactly one taker`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async take(linkHash, purpose, now) {
          const token = await oneTimeTokens.find(linkHash, purpose, now)
          await tick()
          await oneTimeTokens.take(linkHash, purpose, now)
          return token
        },
      },
    }),
  ),

  broken(
    'refuses a link that it has already, also in the place of the token',
    `${RACE} > take a link anew in its own place`,
    ({ oneTimeTokens }) => {
      const links = new Set<string>()
      return {
        oneTimeTokens: {
          async put(token) {
            if (links.has(token.linkHash)) throw new Error('the link is not unique')
            links.add(token.linkHash)
            return oneTimeTokens.put(token)
          },
        },
      }
    },
  ),

  broken(
    'leaves a token that was taken',
    `${READS} > take: removes the token, and only that`,
    ({ oneTimeTokens }) => ({ oneTimeTokens: { take: (...ask) => oneTimeTokens.find(...ask) } }),
  ),

  broken(
    'takes all tokens of the user at once',
    `${READS} > take: removes the token, and only that`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async take(linkHash, purpose, now) {
          const token = await oneTimeTokens.take(linkHash, purpose, now)
          if (token !== null) await removeAll(oneTimeTokens, token)
          return token
        },
      },
    }),
  ),

  ...(['find', 'take'] as const).flatMap((verb) => [
    broken(
      `${verb}: answers a token just when it expires`,
      `${READS} > ${verb}: to the millisecond, an expired token is as good as none`,
      ({ oneTimeTokens }) => ({
        oneTimeTokens: {
          [verb]: (...[linkHash, purpose, now]: Parameters<OneTimeTokenStore['take']>) =>
            oneTimeTokens[verb](linkHash, purpose, new Date(now.getTime() - 1)),
        },
      }),
    ),

    broken(
      `${verb}: answers a token of another purpose`,
      `${READS} > ${verb}: a token of another purpose does not exist, and stays`,
      ({ oneTimeTokens }) => ({
        oneTimeTokens: {
          [verb]: async (...[linkHash, _, now]: Parameters<OneTimeTokenStore['take']>) =>
            (await oneTimeTokens[verb](linkHash, 'activate', now)) ??
            oneTimeTokens[verb](linkHash, 'reset_password', now),
        },
      }),
    ),
  ]),

  broken(
    'deletes an expired token when it is asked for',
    `${READS} > take: to the millisecond, an expired token is as good as none`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async take(linkHash, purpose, now) {
          const token = await oneTimeTokens.take(linkHash, purpose, EVER)
          return token !== null && token.expiresAt > now ? token : null
        },
      },
    }),
  ),

  broken(
    'finds a token by a hash in letters of another case',
    'oneTimeTokens.put and oneTimeTokens.find > compare the hash of a link byte for byte',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        find: async (linkHash, purpose, now) =>
          (await oneTimeTokens.find(linkHash, purpose, now)) ??
          oneTimeTokens.find(linkHash.toLowerCase(), purpose, now),
      },
    }),
  ),

  broken(
    'asks for the user of a token',
    'oneTimeTokens.put and oneTimeTokens.find > do not ask whether the user exists',
    foreignKey,
  ),

  broken(
    'keeps the token that is replaced',
    'oneTimeTokens.put and oneTimeTokens.find > replace the token with the same user, purpose and slot, all of it',
    ({ oneTimeTokens }) => {
      const replaced = memoryStore().oneTimeTokens
      return {
        oneTimeTokens: {
          async put(token) {
            const [old] = await oneTimeTokens.list(token.userId, token.purpose, EVER, 1)
            if (old !== undefined) await replaced.put(old)
            return oneTimeTokens.put(token)
          },
          find: async (...ask) => (await oneTimeTokens.find(...ask)) ?? replaced.find(...ask),
        },
      }
    },
  ),

  broken(
    'has one slot for all',
    'oneTimeTokens.put and oneTimeTokens.find > keep tokens of another user, purpose or slot apart',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const others = await oneTimeTokens.list(token.userId, token.purpose, EVER, 100)
          const elsewhere = others.filter(({ slot }) => slot !== token.slot)
          for (const { linkHash, purpose } of elsewhere)
            await oneTimeTokens.take(linkHash, purpose, EVER)
          return oneTimeTokens.put(token)
        },
      },
    }),
  ),

  broken(
    'updates only hash and limits of the token that it replaces',
    'oneTimeTokens.put and oneTimeTokens.find > replace the token with the same user, purpose and slot, all of it',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const old = await inSlot(oneTimeTokens, token)
          return oneTimeTokens.put(old ? { ...token, data: old.data } : token)
        },
      },
    }),
  ),

  broken(
    'looks for a token in the place, then puts another beside it',
    `${RACE} > keep exactly one of the tokens that were put in one place`,
    ({ oneTimeTokens }) => {
      const beside = memoryStore().oneTimeTokens
      let first = true
      return {
        oneTimeTokens: {
          async put(token) {
            const old = await inSlot(oneTimeTokens, token)
            await tick()
            if (old !== undefined || first || token.slot !== '') {
              first = false
              return oneTimeTokens.put(token)
            }
            return beside.put({ ...token, slot: token.id })
          },
          find: async (...ask) => (await oneTimeTokens.find(...ask)) ?? beside.find(...ask),
        },
      }
    },
  ),

  broken(
    'lists the oldest token first',
    'oneTimeTokens.list > gives the newest first, at most so many',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        list: async (userId, purpose, now, limit) =>
          (await oneTimeTokens.list(userId, purpose, now, 100)).toReversed().slice(0, limit),
      },
    }),
  ),

  broken(
    'lists tokens of one moment as they came',
    'oneTimeTokens.list > goes by id, the last first, among tokens of one moment',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        list: async (userId, purpose, now, limit) => {
          const tokens = await oneTimeTokens.list(userId, purpose, now, 100)
          const byTime = (a: OneTimeToken, b: OneTimeToken) => +b.createdAt - +a.createdAt
          return tokens.toReversed().sort(byTime).slice(0, limit)
        },
      },
    }),
  ),

  broken(
    'lists all the tokens there are',
    'oneTimeTokens.list > gives the newest first, at most so many',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        list: (userId, purpose, now) => oneTimeTokens.list(userId, purpose, now, 100),
      },
    }),
  ),

  broken(
    'cuts the list before it leaves out what has expired',
    'oneTimeTokens.list > does not let the expired take the place of the living',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        list: async (userId, purpose, now, limit) =>
          (await oneTimeTokens.list(userId, purpose, EVER, limit)).filter(
            ({ expiresAt }) => expiresAt > now,
          ),
      },
    }),
  ),
]

async function removeAll(
  tokens: OneTimeTokenStore,
  { userId, purpose }: OneTimeToken,
): Promise<void> {
  for (const { linkHash } of await tokens.list(userId, purpose, EVER, 100))
    await tokens.take(linkHash, purpose, EVER)
}
