import type { OneTimeToken, Store, TokenPurpose } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { aToken, at, HOUR, idNumber } from './records.ts'

const USER = idNumber(1)

export function describeOneTimeTokens(open: OpenStore): void {
  describe('oneTimeTokens.put and oneTimeTokens.find', () => {
    it('gives back every member as it was', async () => {
      const store = await open()
      const full = aToken(USER, {
        purpose: 'reset_password',
        slot: 'Å slot',
        codeExpiresAt: at(1),
        attemptsLeft: 3,
        proves: 'åda@example.com',
        credentialEpoch: 4,
        createdAt: at(-1),
        expiresAt: at(2),
        data: { hash: '$argon2id$', nested: { list: [null, 'é', 1.5] } },
      })
      const bare = aToken(USER, { codeHash: null, codeExpiresAt: null })
      await put(store, full, bare)
      expect(await find(store, full)).toEqual(full)
      expect(await find(store, bare)).toEqual(bare)
    })

    it('leaves the token in place', async () => {
      const store = await open()
      const token = aToken(USER)
      await put(store, token)
      expect(await find(store, token)).toEqual(await find(store, token))
    })

    it('compares the hash byte for byte', async () => {
      const store = await open()
      const upper = aToken(USER, { linkHash: 'ABC_-', slot: 'a' })
      const lower = aToken(USER, { linkHash: 'abc_-', slot: 'b' })
      await put(store, upper, lower)
      expect(await find(store, upper)).toEqual(upper)
      expect(await find(store, lower)).toEqual(lower)
      const other = await store.oneTimeTokens.find('Abc_-', 'activate', at(0))
      expect(other).toBeNull()
    })

    it('takes the place of the token with the same user, purpose and slot', async () => {
      const store = await open()
      const [old, next] = [aToken(USER), aToken(USER, { proves: 'new@example.com' })]
      await put(store, old, next)
      expect(await find(store, old)).toBeNull()
      expect(await find(store, next)).toEqual(next)
      expect(await store.oneTimeTokens.take(old.linkHash, 'activate', at(0))).toBeNull()
    })

    it('stands beside tokens of another user, purpose or slot', async () => {
      const store = await open()
      const tokens = [
        aToken(USER),
        aToken(idNumber(2)),
        aToken(USER, { purpose: 'reset_password' }),
        aToken(USER, { slot: 'other' }),
        aToken(USER, { slot: 'Other' }),
      ]
      await put(store, ...tokens)
      for (const token of tokens) expect(await find(store, token)).toEqual(token)
    })
  })

  describe('oneTimeTokens.find and oneTimeTokens.take', () => {
    it.each(['find', 'take'] as const)('%s: to the millisecond, expired is none', async (verb) => {
      const store = await open()
      const token = aToken(USER, { expiresAt: at(HOUR) })
      await put(store, token)
      const ask = (now: Date) => store.oneTimeTokens[verb](token.linkHash, 'activate', now)
      expect(await ask(at(HOUR + 1))).toBeNull()
      expect(await ask(at(HOUR))).toBeNull()
      expect(await find(store, token)).toEqual(token)
      expect(await ask(at(HOUR - 1))).toEqual(token)
    })

    it.each(['find', 'take'] as const)('%s: another purpose is another token', async (verb) => {
      const store = await open()
      const token = aToken(USER)
      await put(store, token)
      const ask = (purpose: TokenPurpose) =>
        store.oneTimeTokens[verb](token.linkHash, purpose, at(0))
      expect(await ask('reset_password')).toBeNull()
      expect(await find(store, token)).toEqual(token)
    })

    it.each(['find', 'take'] as const)('%s: null for what is unknown', async (verb) => {
      const store = await open()
      expect(await store.oneTimeTokens[verb]('unknown', 'activate', at(0))).toBeNull()
      expect(await store.oneTimeTokens[verb]('', 'activate', at(0))).toBeNull()
    })

    it('take removes the token, and only that', async () => {
      const store = await open()
      const [token, other] = [aToken(USER), aToken(USER, { slot: 'other' })]
      await put(store, token, other)
      const take = () => store.oneTimeTokens.take(token.linkHash, 'activate', at(0))
      expect(await take()).toEqual(token)
      expect(await take()).toBeNull()
      expect(await find(store, token)).toBeNull()
      expect(await find(store, other)).toEqual(other)
    })
  })

  describe('oneTimeTokens.list', () => {
    const list = (store: Store, now: Date, limit: number) =>
      store.oneTimeTokens.list(USER, 'activate', now, limit)

    it('gives the newest first, at most so many', async () => {
      const store = await open()
      const tokens = [3, 1, 4, 2].map((age) =>
        aToken(USER, { slot: String(age), createdAt: at(-age) }),
      )
      await put(store, ...tokens)
      const slots = async (limit: number) =>
        (await list(store, at(0), limit)).map(({ slot }) => slot)
      expect(await slots(10)).toEqual(['1', '2', '3', '4'])
      expect(await slots(2)).toEqual(['1', '2'])
      expect(await list(store, at(0), 1)).toEqual([tokens[1]])
    })

    it('leaves out other users, other purposes and what has expired', async () => {
      const store = await open()
      const token = aToken(USER, { expiresAt: at(HOUR) })
      const foreign = aToken(idNumber(2))
      const reset = aToken(USER, { purpose: 'reset_password' })
      await put(store, token, foreign, reset)
      expect(await list(store, at(HOUR - 1), 10)).toEqual([token])
      expect(await list(store, at(HOUR), 10)).toEqual([])
    })
  })
}

async function put(store: Store, ...tokens: readonly OneTimeToken[]): Promise<void> {
  for (const token of tokens) await store.oneTimeTokens.put(token)
}

function find(store: Store, token: OneTimeToken): Promise<OneTimeToken | null> {
  return store.oneTimeTokens.find(token.linkHash, token.purpose, at(0))
}
