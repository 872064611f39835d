import type { OneTimeToken, TokenPurpose } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { CHANNELS, PURPOSES } from './closed-unions.ts'
import { aToken, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { tokenNow } from './stored-records.ts'

const USER = idNumber(1)

const putting = section('oneTimeTokens.put and oneTimeTokens.find', [
  rule('give back every member as it was, and no other', async (store) => {
    const token = aToken(USER, {
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
    await store.oneTimeTokens.put(token)
    expectEqual(await tokenNow(store, token), token)
  }),

  rule('give back every purpose and every channel as it was', async (store) => {
    for (const purpose of PURPOSES) {
      for (const channel of CHANNELS) {
        const token = aToken(USER, { purpose, channel, slot: channel })
        await store.oneTimeTokens.put(token)
        expectEqual(await tokenNow(store, token), token, `${purpose} by ${channel}`)
        const listed = await store.oneTimeTokens.list(USER, purpose, at(0), 10)
        expectTrue(listed.length <= CHANNELS.length, `others than ${purpose}`)
      }
    }
  }),

  rule('give back null for a code that there is not', async (store) => {
    const token = aToken(USER, { codeHash: null, codeExpiresAt: null })
    await store.oneTimeTokens.put(token)
    expectEqual(await tokenNow(store, token), token)
  }),

  rule('do not ask whether the user exists', async (store) => {
    const token = aToken(idNumber(99))
    expectEqual(await store.oneTimeTokens.put(token), token.attemptsLeft)
    expectEqual(await tokenNow(store, token), token)
  }),

  rule('leave the token in place', async (store) => {
    const token = aToken(USER)
    await put(store, token)
    expectEqual(await tokenNow(store, token), token)
    expectEqual(await tokenNow(store, token), token)
  }),

  rule('compare the hash of a link byte for byte', async (store) => {
    const hashes = ['ABC_-', 'abc_-', 'abc_- ', 'abc%-', 'åbc_-', 'a\u030abc_-', '']
    const tokens = hashes.map((linkHash, slot) => aToken(USER, { linkHash, slot: `${slot}` }))
    await put(store, ...tokens)
    for (const token of tokens) expectEqual(await tokenNow(store, token), token, token.linkHash)
    expectEqual(await store.oneTimeTokens.find('Abc_-', 'activate', at(0)), null)
  }),

  rule('replace the token with the same user, purpose and slot, all of it', async (store) => {
    const old = aToken(USER, { slot: 'slot', data: { old: true } })
    const next = aToken(USER, {
      slot: 'slot',
      codeHash: null,
      codeExpiresAt: null,
      proves: 'new@example.com',
      credentialEpoch: 1,
      createdAt: at(1),
      expiresAt: at(HOUR),
      data: { next: true },
    })
    await put(store, old, next)
    expectEqual(await tokenNow(store, old), null)
    expectEqual(await tokenNow(store, next), next)
    expectEqual(await store.oneTimeTokens.take(old.linkHash, 'activate', at(0)), null)
    expectEqual(await store.oneTimeTokens.list(USER, 'activate', at(0), 10), [next])
  }),

  rule('answer what is stored also when the same token is put again', async (store) => {
    const token = aToken(USER, { attemptsLeft: 5 })
    await put(store, token)
    await store.oneTimeTokens.tryCode(USER, 'activate', at(0))
    expectEqual(await store.oneTimeTokens.put(token), 4)
    expectEqual(await tokenNow(store, token), { ...token, attemptsLeft: 4 })
  }),

  rule('keep tokens of another user, purpose or slot apart', async (store) => {
    const slots = ['other', 'Other', 'other ', 'öther', 'o\u0308ther', ' ', '%']
    const tokens = [
      aToken(idNumber(2)),
      ...PURPOSES.map((purpose) => aToken(USER, { purpose })),
      ...slots.map((slot) => aToken(USER, { slot })),
    ]
    await put(store, ...tokens)
    for (const token of tokens) expectEqual(await tokenNow(store, token), token, token.slot)
  }),
])

const VERBS = ['find', 'take'] as const

const taking = section('oneTimeTokens.find and oneTimeTokens.take', [
  ...VERBS.map((verb) =>
    rule(`${verb}: to the millisecond, an expired token is as good as none`, async (store) => {
      const token = aToken(USER, { expiresAt: at(HOUR) })
      await put(store, token)
      const ask = (now: Date) => store.oneTimeTokens[verb](token.linkHash, 'activate', now)
      expectEqual(await ask(at(HOUR + 1)), null)
      expectEqual(await ask(at(HOUR)), null)
      expectEqual(await tokenNow(store, token), token)
      expectEqual(await ask(at(HOUR - 1)), token)
    }),
  ),

  ...VERBS.map((verb) =>
    rule(`${verb}: a token of another purpose does not exist, and stays`, async (store) => {
      const token = aToken(USER)
      await put(store, token)
      const ask = (purpose: TokenPurpose) =>
        store.oneTimeTokens[verb](token.linkHash, purpose, at(0))
      expectEqual(await ask('reset_password'), null)
      expectEqual(await tokenNow(store, token), token)
    }),
  ),

  ...VERBS.map((verb) =>
    rule(`${verb}: null for a link that is unknown`, async (store) => {
      await put(store, aToken(USER))
      expectEqual(await store.oneTimeTokens[verb]('unknown', 'activate', at(0)), null)
      expectEqual(await store.oneTimeTokens[verb]('', 'activate', at(0)), null)
    }),
  ),

  rule('take: removes the token, and only that', async (store) => {
    const [token, other] = [aToken(USER), aToken(USER, { slot: 'other' })]
    await put(store, token, other)
    const take = () => store.oneTimeTokens.take(token.linkHash, 'activate', at(0))
    expectEqual(await take(), token)
    expectEqual(await take(), null)
    expectEqual(await tokenNow(store, token), null)
    expectEqual(await tokenNow(store, other), other)
  }),
])

const listing = section('oneTimeTokens.list', [
  rule('gives the newest first, at most so many', async (store) => {
    const tokens = [3, 1, 4, 2].map((age) => aToken(USER, { slot: `${age}`, createdAt: at(-age) }))
    await put(store, ...tokens)
    const newestFirst = [...tokens].sort((a, b) => +b.createdAt - +a.createdAt)
    for (const limit of [10, 4, 3, 1]) {
      const listed = await store.oneTimeTokens.list(USER, 'activate', at(0), limit)
      expectEqual(listed, newestFirst.slice(0, limit))
    }
  }),

  rule('goes by id, the last first, among tokens of one moment', async (store) => {
    const tokens = [2, 4, 1, 3].map((n) => aToken(USER, { id: idNumber(n), slot: `${n}` }))
    await put(store, ...tokens)
    const listed = await store.oneTimeTokens.list(USER, 'activate', at(0), 10)
    expectEqual(
      listed.map(({ id }) => id),
      [4, 3, 2, 1].map(idNumber),
    )
  }),

  rule('leaves out other users, other purposes and what has expired', async (store) => {
    const token = aToken(USER, { expiresAt: at(HOUR) })
    const foreign = aToken(idNumber(2))
    const reset = aToken(USER, { purpose: 'reset_password' })
    await put(store, token, foreign, reset)
    const listAt = (now: Date) => store.oneTimeTokens.list(USER, 'activate', now, 10)
    expectEqual(await listAt(at(HOUR - 1)), [token])
    expectEqual(await listAt(at(HOUR)), [])
  }),

  rule('does not let the expired take the place of the living', async (store) => {
    const dead = aToken(USER, { slot: 'dead', createdAt: at(2), expiresAt: at(3) })
    const live = aToken(USER, { slot: 'live', createdAt: at(1) })
    await put(store, dead, live)
    expectEqual(await store.oneTimeTokens.list(USER, 'activate', at(3), 1), [live])
  }),
])

export const oneTimeTokenSections = [putting, taking, listing]

async function put(store: Store, ...tokens: readonly OneTimeToken[]): Promise<void> {
  for (const token of tokens) await store.oneTimeTokens.put(token)
}
