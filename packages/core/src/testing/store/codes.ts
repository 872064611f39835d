import type { OneTimeToken } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { aToken, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { tokenNow } from './stored-records.ts'

const USER = idNumber(1)

const trying = section('oneTimeTokens.tryCode', [
  rule('S020 spends one attempt and answers the token after it', async (store) => {
    const token = await putNew(store, { attemptsLeft: 3 })
    expectEqual(await tryCode(store), { ...token, attemptsLeft: 2 })
    expectEqual(await tokenNow(store, token), { ...token, attemptsLeft: 2 })
  }),

  rule('S020 answers null once no attempt is left; the link goes on', async (store) => {
    const token = await putNew(store, { attemptsLeft: 2 })
    const answers = [await tryCode(store), await tryCode(store), await tryCode(store)]
    const left = [{ ...token, attemptsLeft: 1 }, { ...token, attemptsLeft: 0 }, null]
    expectEqual(answers, left)
    const taken = await store.oneTimeTokens.take(token.linkHash, 'activate', at(0))
    expectEqual(taken, { ...token, attemptsLeft: 0 })
  }),

  ...[
    { where: 'for another purpose', patch: { purpose: 'reset_password' } as const },
    { where: 'for another user', patch: { userId: idNumber(2) } },
    { where: 'in another slot', patch: { slot: 'other' } },
    { where: 'in a slot of white space', patch: { slot: ' ' } },
  ].map(({ where, patch }) =>
    rule(`answers null where the only token is ${where}, and spends nothing`, async (store) => {
      const token = await putNew(store, patch)
      expectEqual(await tryCode(store), null)
      expectEqual(await tokenNow(store, token), token)
    }),
  ),

  rule('spends nothing of the tokens beside it', async (store) => {
    const beside = await putNew(store, { slot: 'other' })
    const reset = await putNew(store, { purpose: 'reset_password' })
    const token = await putNew(store, {})
    expectEqual(await tryCode(store), { ...token, attemptsLeft: 4 })
    expectEqual(await tokenNow(store, beside), beside)
    expectEqual(await tokenNow(store, reset), reset)
  }),

  rule('answers null where there is no code, and spends nothing', async (store) => {
    const token = await putNew(store, { codeHash: null, codeExpiresAt: null })
    expectEqual(await tryCode(store), null)
    expectEqual(await tokenNow(store, token), token)
  }),

  ...(['codeExpiresAt', 'expiresAt'] as const).map((limit) =>
    rule(`answers null from ${limit} on, to the millisecond, and spends nothing`, async (store) => {
      const late = { codeExpiresAt: at(9 * HOUR), expiresAt: at(9 * HOUR) }
      const token = await putNew(store, { ...late, [limit]: at(HOUR) })
      expectEqual(await tryCode(store, at(HOUR + 1)), null)
      expectEqual(await tryCode(store, at(HOUR)), null)
      expectEqual(await tokenNow(store, token), token)
      expectEqual(await tryCode(store, at(HOUR - 1)), { ...token, attemptsLeft: 4 })
    }),
  ),
])

const replacing = section('oneTimeTokens.put, where a token stood', [
  ...[
    { old: 2, next: 5, left: 2 },
    { old: 0, next: 5, left: 0 },
    { old: 5, next: 1, left: 1 },
  ].map(({ old, next, left }) =>
    rule(`S020 writes and resolves ${left} attempts after ${old}, given ${next}`, async (store) => {
      await putNew(store, { attemptsLeft: old })
      const token = await putNew(store, { attemptsLeft: next, createdAt: at(1) }, left)
      expectEqual(await tokenNow(store, token), { ...token, attemptsLeft: left })
    }),
  ),

  rule('S020 gives no new attempts however often it is asked', async (store) => {
    await putNew(store, { attemptsLeft: 5 })
    for (const left of [4, 3, 2, 1, 0]) {
      expectEqual((await tryCode(store))?.attemptsLeft, left)
      await putNew(store, { attemptsLeft: 5 }, left)
    }
    expectEqual(await tryCode(store), null)
  }),

  rule('S020 carries attempts over 1 ms before the old token expires', async (store) => {
    expectEqual(await attemptsAfterOldToken(store, HOUR - 1), 2)
  }),

  ...[0, 1].map((ms) =>
    rule(`gives new attempts ${ms} ms after the old token expired`, async (store) => {
      expectEqual(await attemptsAfterOldToken(store, HOUR + ms), 5)
    }),
  ),

  ...[
    { where: 'of another user', patch: { userId: idNumber(2) } },
    { where: 'for another purpose', patch: { purpose: 'reset_password' } as const },
    { where: 'in another slot', patch: { slot: 'other' } },
  ].map(({ where, patch }) =>
    rule(`carries nothing over from a token ${where}`, async (store) => {
      await putNew(store, { attemptsLeft: 0, ...patch })
      const token = await putNew(store, {})
      expectEqual(await tokenNow(store, token), token)
    }),
  ),

  rule('starts anew after a token that was taken', async (store) => {
    const old = await putNew(store, { attemptsLeft: 1 })
    await store.oneTimeTokens.take(old.linkHash, 'activate', at(0))
    const token = await putNew(store, {})
    expectEqual(await tokenNow(store, token), token)
  }),
])

export const codeSections = [trying, replacing]

/** Puts the token, and expects so many attempts to be left by it: its own, unless told. */
async function putNew(
  store: Store,
  patch: Partial<OneTimeToken>,
  left?: number,
): Promise<OneTimeToken> {
  const token = aToken(patch.userId ?? USER, patch)
  expectEqual(await store.oneTimeTokens.put(token), left ?? token.attemptsLeft)
  return token
}

/** Of a token with five, made so long after the start, where one with two expires after an hour. */
async function attemptsAfterOldToken(store: Store, ms: number): Promise<number> {
  await putNew(store, { attemptsLeft: 2, expiresAt: at(HOUR) })
  const later = { expiresAt: at(3 * HOUR), codeExpiresAt: at(3 * HOUR) }
  const token = aToken(USER, { createdAt: at(ms), ...later })
  const left = await store.oneTimeTokens.put(token)
  expectEqual(await tryCode(store, at(ms)), { ...token, attemptsLeft: left - 1 })
  return left
}

function tryCode(store: Store, now: Date = at(0)): Promise<OneTimeToken | null> {
  return store.oneTimeTokens.tryCode(USER, 'activate', now)
}
