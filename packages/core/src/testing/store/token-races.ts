import { expectEqual, expectTrue } from '../assertions.ts'
import { fifty, MANY, race } from './race.ts'
import { aToken, at, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { tokenNow } from './stored-records.ts'

const USER = idNumber(1)

const links = section(`one-time tokens, ${MANY} calls at once`, [
  rule('S112 give a token to exactly one taker', async (store) => {
    const token = aToken(USER)
    await store.oneTimeTokens.put(token)
    const taken = await race(store, fifty(Number), () =>
      store.oneTimeTokens.take(token.linkHash, 'activate', at(0)),
    )
    expectEqual(
      taken.filter((each) => each !== null),
      [token],
    )
    expectEqual(await tokenNow(store, token), null)
  }),

  rule('keep exactly one of the tokens that were put in one place', async (store) => {
    const tokens = fifty((index) => aToken(USER, { attemptsLeft: index + 1 }))
    const left = await race(store, tokens, (token) => store.oneTimeTokens.put(token))
    for (const [index, attempts] of left.entries()) {
      expectTrue(attempts <= index + 1, `${attempts} attempts, and ${index + 1} were given`)
    }
    expectTrue(left.includes(1), `whoever gave 1 attempt got more: ${left.join()}`)
    const found = await Promise.all(tokens.map((token) => tokenNow(store, token)))
    const listed = await store.oneTimeTokens.list(USER, 'activate', at(0), MANY)
    expectEqual(
      found.filter((token) => token !== null),
      listed,
    )
    expectEqual(
      listed.map(({ attemptsLeft }) => attemptsLeft),
      [1],
    )
  }),

  rule('take a link anew in its own place', async (store) => {
    const { linkHash } = aToken(USER)
    const tokens = fifty(() => aToken(USER, { linkHash }))
    await race(store, tokens, (token) => store.oneTimeTokens.put(token))
    const listed = await store.oneTimeTokens.list(USER, 'activate', at(0), MANY)
    expectEqual(
      listed.map((token) => token.linkHash),
      [linkHash],
    )
  }),

  rule('never give a link that was replaced, once it was', async (store) => {
    const [old, next] = [aToken(USER), aToken(USER)]
    await store.oneTimeTokens.put(old)
    const taken = await race(store, fifty(Number), async (index) => {
      if (index === MANY / 2) await store.oneTimeTokens.put(next)
      return store.oneTimeTokens.take(old.linkHash, 'activate', at(0))
    })
    expectTrue(taken.filter((token) => token !== null).length <= 1, 'the old link was given twice')
    expectEqual(taken[MANY / 2], null)
    expectEqual(await tokenNow(store, old), null)
    expectEqual(await tokenNow(store, next), next)
  }),
])

const attempts = section(`one-time codes, ${MANY} calls at once`, [
  rule('S020 S112 give exactly as many tries as attempts are left', async (store) => {
    const token = aToken(USER, { attemptsLeft: 5 })
    await store.oneTimeTokens.put(token)
    const tried = await race(store, fifty(Number), () =>
      store.oneTimeTokens.tryCode(USER, 'activate', at(0)),
    )
    const left = tried.flatMap((each) => each?.attemptsLeft ?? [])
    expectEqual(
      left.sort((a, b) => a - b),
      [0, 1, 2, 3, 4],
    )
    expectEqual(await tokenNow(store, token), { ...token, attemptsLeft: 0 })
  }),

  rule('S020 give no attempt more to whoever asks for codes meanwhile', async (store) => {
    const put = () => store.oneTimeTokens.put(aToken(USER, { attemptsLeft: 5 }))
    await put()
    const tried = await race(store, fifty(Number), async (index) => {
      if (index % 2 === 0) await put()
      const token = await store.oneTimeTokens.tryCode(USER, 'activate', at(0))
      if (index % 2 === 1) await put()
      return token
    })
    expectEqual(tried.filter((token) => token !== null).length, 5)
    expectEqual(await store.oneTimeTokens.tryCode(USER, 'activate', at(0)), null)
  }),

  rule('do not bring back a token that was taken', async (store) => {
    const token = aToken(USER, { attemptsLeft: MANY })
    await store.oneTimeTokens.put(token)
    const taken = await race(store, fifty(Number), async (index) => {
      if (index % 5 === 2) return store.oneTimeTokens.take(token.linkHash, 'activate', at(0))
      await store.oneTimeTokens.tryCode(USER, 'activate', at(0))
      return null
    })
    expectEqual(taken.filter((each) => each !== null).length, 1)
    expectEqual(await tokenNow(store, token), null)
    expectEqual(await store.oneTimeTokens.list(USER, 'activate', at(0), 1), [])
  }),

  rule('do not bring back a token that was replaced', async (store) => {
    const [old, next] = [aToken(USER), aToken(USER, { proves: 'new@example.com' })]
    await store.oneTimeTokens.put(old)
    await race(store, fifty(Number), async (index) => {
      if (index === 2) await store.oneTimeTokens.put(next)
      else await store.oneTimeTokens.tryCode(USER, 'activate', at(0))
    })
    expectEqual(await tokenNow(store, old), null)
    expectEqual(await tokenNow(store, next), { ...next, attemptsLeft: 0 })
  }),

  rule('spend nothing once the code expired', async (store) => {
    const token = aToken(USER, { codeExpiresAt: at(HOUR) })
    await store.oneTimeTokens.put(token)
    const tried = await race(store, fifty(Number), () =>
      store.oneTimeTokens.tryCode(USER, 'activate', at(HOUR)),
    )
    expectEqual(
      tried,
      fifty(() => null),
    )
    expectEqual(await tokenNow(store, token), token)
  }),
])

export const tokenRaceSections = [links, attempts]
