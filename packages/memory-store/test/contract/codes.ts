import type { OneTimeToken, Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { aToken, at, HOUR, idNumber } from './records.ts'

const USER = idNumber(1)

export function describeCodes(open: OpenStore): void {
  describe('oneTimeTokens.tryCode', () => {
    it('S020 spends one attempt and answers the token after it', async () => {
      const store = await open()
      const token = await putNew(store, { attemptsLeft: 3 })
      expect(await tryCode(store)).toEqual({ ...token, attemptsLeft: 2 })
      expect(await find(store, token)).toEqual({ ...token, attemptsLeft: 2 })
    })

    it('S020 answers null once no attempt is left; the link goes on', async () => {
      const store = await open()
      const token = await putNew(store, { attemptsLeft: 2 })
      const answers = [await tryCode(store), await tryCode(store), await tryCode(store)]
      expect(answers.map((answer) => answer?.attemptsLeft)).toEqual([1, 0, undefined])
      const taken = await store.oneTimeTokens.take(token.linkHash, 'activate', at(0))
      expect(taken).toEqual({ ...token, attemptsLeft: 0 })
    })

    it('answers null where there is no token', async () => {
      const store = await open()
      const reset = await putNew(store, { purpose: 'reset_password' })
      const foreign = await putNew(store, { userId: idNumber(2) })
      const beside = await putNew(store, { slot: 'other' })
      expect(await tryCode(store)).toBeNull()
      for (const token of [reset, foreign, beside]) expect(await find(store, token)).toEqual(token)
    })

    it('answers null where there is no code, and spends nothing', async () => {
      const store = await open()
      const token = await putNew(store, { codeHash: null, codeExpiresAt: null })
      expect(await tryCode(store)).toBeNull()
      expect(await find(store, token)).toEqual(token)
    })

    it.each(['codeExpiresAt', 'expiresAt'] as const)(
      'answers null from %s on, to the millisecond, and spends nothing',
      async (limit) => {
        const store = await open()
        const late = { codeExpiresAt: at(9 * HOUR), expiresAt: at(9 * HOUR) }
        const token = await putNew(store, { ...late, [limit]: at(HOUR) })
        expect(await tryCode(store, at(HOUR + 1))).toBeNull()
        expect(await tryCode(store, at(HOUR))).toBeNull()
        expect(await find(store, token)).toEqual(token)
        expect(await tryCode(store, at(HOUR - 1))).toEqual({ ...token, attemptsLeft: 4 })
      },
    )
  })

  describe('oneTimeTokens.put, where a token stood', () => {
    it.each([
      { old: 2, next: 5, left: 2 },
      { old: 0, next: 5, left: 0 },
      { old: 5, next: 1, left: 1 },
    ])(
      'S020 of $old and $next attempts, the smaller number stays, and is resolved',
      async ({ old, next, left }) => {
        const store = await open()
        await putNew(store, { attemptsLeft: old })
        const token = await putNew(store, { attemptsLeft: next, createdAt: at(1) }, left)
        expect(await find(store, token)).toEqual({ ...token, attemptsLeft: left })
      },
    )

    it.each([
      { ms: -1, left: 2 },
      { ms: 0, left: 5 },
      { ms: 1, left: 5 },
    ])(
      'carries attempts over from a token that had not expired when the new one was made ($ms ms)',
      async ({ ms, left }) => {
        const store = await open()
        await putNew(store, { attemptsLeft: 2, expiresAt: at(HOUR) })
        const made = at(HOUR + ms)
        const times = { createdAt: made, expiresAt: at(3 * HOUR), codeExpiresAt: at(3 * HOUR) }
        await putNew(store, times, left)
        expect((await tryCode(store, made))?.attemptsLeft).toBe(left - 1)
      },
    )

    it('carries nothing over from another user, purpose or slot', async () => {
      const store = await open()
      await putNew(store, { attemptsLeft: 0, userId: idNumber(2) })
      await putNew(store, { attemptsLeft: 0, purpose: 'reset_password' })
      await putNew(store, { attemptsLeft: 0, slot: 'other' })
      const token = await putNew(store, {})
      expect(await find(store, token)).toEqual(token)
    })

    it('starts anew after a token that was taken', async () => {
      const store = await open()
      const old = await putNew(store, { attemptsLeft: 1 })
      await store.oneTimeTokens.take(old.linkHash, 'activate', at(0))
      const token = await putNew(store, {})
      expect(await find(store, token)).toEqual(token)
    })
  })
}

/** Puts the token, and expects so many attempts to be left by it: its own, unless told. */
async function putNew(
  store: Store,
  patch: Partial<OneTimeToken>,
  left?: number,
): Promise<OneTimeToken> {
  const token = aToken(patch.userId ?? USER, patch)
  expect(await store.oneTimeTokens.put(token)).toBe(left ?? token.attemptsLeft)
  return token
}

function tryCode(store: Store, now: Date = at(0)): Promise<OneTimeToken | null> {
  return store.oneTimeTokens.tryCode(USER, 'activate', now)
}

function find(store: Store, token: OneTimeToken): Promise<OneTimeToken | null> {
  return store.oneTimeTokens.find(token.linkHash, token.purpose, at(0))
}
