import type { UserPatch } from '../../records.ts'
import { expectEqual } from '../assertions.ts'
import { LIMITS } from './prune.ts'
import { fifty, MANY, race } from './race.ts'
import { anEvent, aRotation, aSession, aToken, at, aUser, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser, tokenNow } from './stored-records.ts'

const STAYS: Readonly<Record<string, UserPatch>> = {
  activates: { status: 'active' },
  'asks for another message': { updatedAt: at(10 * HOUR) },
}

const racing = section(`prune, ${MANY} nodes at once`, [
  rule('is safe: each record is deleted and counted once', async (store) => {
    const { id } = await storedUser(store)
    const gone = { status: 'deleted', email: null } as const
    await insertAll(fifty(idNumber), (id) => store.users.insert(aUser({ id, ...gone })))
    await insertAll(fifty(idNumber), (id) => store.oneTimeTokens.put(aToken(id)))
    await insertAll(fifty(idNumber), (n) => store.sessions.insert(aSession(id, { id: n })))
    await store.events.append(fifty((n) => anEvent({ id: idNumber(n) })))
    const numbers = await race(store, fifty(Number), () => store.prune(LIMITS))
    const sum = numbers.reduce((total, number) => total + number, 0)
    expectEqual(sum + (await store.prune(LIMITS)), 4 * MANY)
    expectEqual(await store.prune(LIMITS), 0)
  }),

  ...Object.entries(STAYS).map(([what, patch]) =>
    rule(`S021 takes nobody who ${what} at the same time`, async (store) => {
      const users = fifty(() => aUser({ status: 'pending' }))
      await insertAll(users, (user) => store.users.insert(user))
      const updated = await race(store, users, async ({ id }, index) => {
        const early = index % 2 === 0 ? store.prune(LIMITS) : null
        const [user] = await Promise.all([
          store.users.update(id, 1, patch),
          early ?? store.prune(LIMITS),
        ])
        return user
      })
      const kept = await Promise.all(users.map(({ id }) => store.users.find(id)))
      expectEqual(kept, updated)
    }),
  ),

  rule('takes no token that replaces an expired one at the same time', async (store) => {
    const users = fifty(idNumber)
    await insertAll(users, (id) => store.oneTimeTokens.put(aToken(id)))
    const later = { createdAt: at(30 * HOUR), expiresAt: at(40 * HOUR) }
    const tokens = users.map((id) => aToken(id, later))
    await race(store, tokens, async (token, index) => {
      const early = index % 2 === 0 ? store.prune(LIMITS) : null
      await Promise.all([store.oneTimeTokens.put(token), early ?? store.prune(LIMITS)])
    })
    expectEqual(await Promise.all(tokens.map((token) => tokenNow(store, token))), tokens)
  }),

  rule('takes no session that is rotated to a later limit at the same time', async (store) => {
    const { id } = await storedUser(store)
    const far = { absoluteExpiresAt: at(99 * HOUR) }
    const sessions = fifty(() => aSession(id, far))
    await insertAll(sessions, (session) => store.sessions.insert(session))
    const patch = aRotation({ idleExpiresAt: at(50 * HOUR) })
    const rotated = await race(store, sessions, async (session, index) => {
      const early = index % 2 === 0 ? store.prune(LIMITS) : null
      const [done] = await Promise.all([
        store.sessions.rotate(session.id, { generation: 1, unconfirmed: false }, patch),
        early ?? store.prune(LIMITS),
      ])
      return done
    })
    const kept = await Promise.all(sessions.map((session) => store.sessions.find(session.id)))
    expectEqual(
      kept.map((found) => found !== null),
      rotated,
    )
  }),
])

export const pruneRaceSections = [racing]
