import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { MANY, race } from './race.ts'
import { aToken, at, idNumber } from './records.ts'

const USER = idNumber(1)

export function describeTokenRaces(open: OpenStore): void {
  describe(`one-time tokens, ${MANY} calls at once`, () => {
    it('S112 gives a token to exactly one taker', async () => {
      const store = await open()
      const token = aToken(USER)
      await store.oneTimeTokens.put(token)
      const taken = await race(() => store.oneTimeTokens.take(token.linkHash, 'activate', at(0)))
      expect(taken.filter((each) => each !== null)).toEqual([token])
    })

    it('S020 S112 gives a code exactly as many tries as attempts are left', async () => {
      const store = await open()
      await store.oneTimeTokens.put(aToken(USER, { attemptsLeft: 5 }))
      const tried = await race(() => store.oneTimeTokens.tryCode(USER, 'activate', at(0)))
      const left = tried.flatMap((token) => token?.attemptsLeft ?? [])
      expect(left.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4])
    })

    it('S020 gives no attempt more to whoever asks for codes meanwhile', async () => {
      const store = await open()
      await store.oneTimeTokens.put(aToken(USER, { attemptsLeft: 5 }))
      const tried = await race(async (index) => {
        if (index % 2 === 0) return store.oneTimeTokens.tryCode(USER, 'activate', at(0))
        await store.oneTimeTokens.put(aToken(USER, { attemptsLeft: 5 }))
        return null
      })
      expect(tried.filter((token) => token !== null)).toHaveLength(5)
      expect(await store.oneTimeTokens.tryCode(USER, 'activate', at(0))).toBeNull()
    })

    it('keeps exactly one of the tokens that were put in one place', async () => {
      const store = await open()
      const tokens = Array.from({ length: MANY }, (_, index) =>
        aToken(USER, { attemptsLeft: index + 1 }),
      )
      const left = await race((index) => store.oneTimeTokens.put(tokens[index] ?? aToken(USER)))
      left.forEach((attempts, index) => {
        expect(attempts).toBeLessThanOrEqual(index + 1)
      })
      expect(left).toContain(1)
      const found = await race((index) =>
        store.oneTimeTokens.find(tokens[index]?.linkHash ?? '', 'activate', at(0)),
      )
      const listed = await store.oneTimeTokens.list(USER, 'activate', at(0), MANY)
      expect(found.filter((token) => token !== null)).toEqual(listed)
      expect(listed).toHaveLength(1)
      expect(listed[0]?.attemptsLeft).toBe(1)
    })

    it('never gives a link that was replaced', async () => {
      const store = await open()
      const old = aToken(USER)
      const next = aToken(USER)
      await store.oneTimeTokens.put(old)
      await race(async (index) => {
        if (index === 0) await store.oneTimeTokens.put(next)
        else await store.oneTimeTokens.take(old.linkHash, 'activate', at(0))
      })
      expect(await store.oneTimeTokens.find(old.linkHash, 'activate', at(0))).toBeNull()
      expect(await store.oneTimeTokens.find(next.linkHash, 'activate', at(0))).toEqual(next)
    })
  })
}
