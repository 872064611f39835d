import type { Sighting } from '../../store.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { fifty, MANY, race } from './race.ts'
import { aRotation, aSession, at, HOUR } from './records.ts'
import { rule, section } from './rule.ts'
import { sessionNow, storedSession, storedSessions } from './stored-records.ts'

const SEEN: Sighting = { now: at(60_001), idleExpiresAt: at(HOUR + 60_001), touchBefore: at(1) }

const oneSession = section(`one session, ${MANY} calls at once`, [
  ...[false, true].map((unconfirmed) =>
    rule(
      `S059 lets exactly one rotation of one generation win${unconfirmed ? ', with `unconfirmed`' : ''}`,
      async (store) => {
        const { session } = await storedSession(store)
        const patches = fifty((n) => aRotation({ confirmedGeneration: 0, lastSeenAt: at(n) }))
        const expected = { generation: 1, unconfirmed }
        const results = await race(store, patches, (patch) =>
          store.sessions.rotate(session.id, expected, patch),
        )
        expectEqual(results.filter(Boolean).length, 1)
        const after = { ...session, ...patches[results.indexOf(true)] }
        expectEqual(await sessionNow(store, session), after)
      },
    ),
  ),

  rule('confirms to the largest generation', async (store) => {
    const { session } = await storedSession(store, { generation: MANY })
    // In no order, so that a larger one is written before a smaller.
    const generations = fifty((index) => ((index * 7) % MANY) + 1)
    const results = await race(store, generations, (generation) =>
      store.sessions.confirm(session.id, generation, SEEN),
    )
    expectTrue(!results.includes(null), 'a generation that may be seen was refused')
    expectMembers(await sessionNow(store, session), { confirmedGeneration: MANY })
  }),

  rule('refuses nobody who shows the same new generation at once', async (store) => {
    const { session } = await storedSession(store)
    const results = await race(store, fifty(Number), () =>
      store.sessions.confirm(session.id, 1, SEEN),
    )
    const confirmed = results.map((result) => result?.session.confirmedGeneration)
    expectEqual(
      confirmed,
      fifty(() => 1),
    )
  }),

  rule('tells exactly one of many who end a session that they did', async (store) => {
    const { session } = await storedSession(store)
    const ended = await race(store, fifty(Number), () =>
      store.sessions.revoke(session.id, 'logout', at(0)),
    )
    expectEqual(ended.filter(Boolean).length, 1)
  }),

  rule('keeps one reason with its time, and it is that of whoever was told', async (store) => {
    const { session } = await storedSession(store)
    const ended = await race(store, fifty(Number), (n) =>
      n % 2 === 0
        ? store.sessions.revoke(session.id, 'logout', at(n))
        : store.sessions.revoke(session.id, 'refresh_reuse', at(n)),
    )
    const winner = ended.indexOf(true)
    const revokedReason = winner % 2 === 0 ? 'logout' : 'refresh_reuse'
    expectMembers(await sessionNow(store, session), { revokedAt: at(winner), revokedReason })
  }),

  rule('ends a session by `revoke` or with all the others, never by both', async (store) => {
    const { session } = await storedSession(store)
    const keep = { id: null, credentialEpoch: null }
    const ended = await race(store, fifty(Number), async (n) => {
      if (n % 2 === 0) return store.sessions.revoke(session.id, 'logout', at(0))
      await store.sessions.revokeAll(session.userId, keep, 'password_reset', at(1))
      return false
    })
    const { revokedAt, revokedReason } = (await sessionNow(store, session)) ?? session
    const told = ended.filter(Boolean).length
    const expected = told === 1 ? ['logout', at(0)] : ['password_reset', at(1)]
    expectEqual([revokedReason, revokedAt], expected, `${told} were told`)
  }),

  rule('brings no revoked session back, whoever rotates and confirms it', async (store) => {
    const { session } = await storedSession(store)
    await race(store, fifty(Number), async (index) => {
      const generation = index + 1
      if (index === MANY / 2) await store.sessions.revoke(session.id, 'logout', at(1))
      const patch = aRotation({ generation: generation + 1 })
      await store.sessions.rotate(session.id, { generation, unconfirmed: false }, patch)
      await store.sessions.confirm(session.id, 1, SEEN)
    })
    const ended = { revokedAt: at(1), revokedReason: 'logout' } as const
    expectMembers(await sessionNow(store, session), ended)
    expectEqual(await store.sessions.confirm(session.id, 1, SEEN), null)
  }),
])

const manySessions = section(`${MANY} sessions, different calls at once`, [
  rule('either confirm a generation or burn it, never both', async (store) => {
    const sessions = await storedSessions(
      store,
      fifty(() => ({ generation: 2 })),
    )
    const recovery = aRotation({ generation: 3, confirmedGeneration: 0, burntBelow: 3 })
    const results = await race(store, sessions, async ({ id }, index) => {
      const confirm = () => store.sessions.confirm(id, 2, SEEN)
      const burn = () => store.sessions.rotate(id, { generation: 2, unconfirmed: true }, recovery)
      const burnt = index % 2 === 0 ? burn() : null
      const [confirmed, burntAfter] = await Promise.all([confirm(), burnt ?? burn()])
      return { confirmed: confirmed !== null, burnt: burntAfter }
    })
    for (const { confirmed, burnt } of results) expectEqual(confirmed, !burnt)
  }),

  rule('lose neither a confirmation nor a rotation', async (store) => {
    const sessions = await storedSessions(
      store,
      fifty(() => ({})),
    )
    const patch = aRotation({ confirmedGeneration: 0 })
    const rotated = await race(store, sessions, async ({ id }, index) => {
      const rotate = () => store.sessions.rotate(id, { generation: 1, unconfirmed: false }, patch)
      const early = index % 2 === 0 ? rotate() : null
      const [, done] = await Promise.all([store.sessions.confirm(id, 1, SEEN), early ?? rotate()])
      return done
    })
    expectEqual(
      rotated,
      fifty(() => true),
    )
    for (const session of sessions) {
      expectMembers(await sessionNow(store, session), { generation: 2, confirmedGeneration: 1 })
    }
  }),

  rule('stay revoked when they are rotated and confirmed at the same time', async (store) => {
    const sessions = await storedSessions(
      store,
      fifty(() => ({})),
    )
    const rotation = { generation: 1, unconfirmed: false }
    const ended = await race(store, sessions, async ({ id }, index) => {
      const revoke = () => store.sessions.revoke(id, 'logout', at(1))
      const early = index % 2 === 0 ? revoke() : null
      const others = [
        store.sessions.rotate(id, rotation, aRotation()),
        store.sessions.confirm(id, 1, SEEN),
      ]
      const [did] = await Promise.all([early ?? revoke(), ...others])
      return did
    })
    expectEqual(
      ended,
      fifty(() => true),
    )
    const gone = { revokedAt: at(1), revokedReason: 'logout' } as const
    for (const session of sessions) expectMembers(await sessionNow(store, session), gone)
    expectEqual(await store.sessions.listByUser(sessions[0]?.userId ?? '', at(1)), [])
  }),
])

const eviction = section(`sessions of one user, ${MANY} calls at once`, [
  rule('S063 end at the cap however many evict, and each is counted once', async (store) => {
    const sessions = await storedSessions(
      store,
      fifty((age) => ({ createdAt: at(-age) })),
    )
    const userId = sessions[0]?.userId ?? ''
    const counts = await race(store, sessions, () => store.sessions.evictBeyond(userId, 5, at(1)))
    expectEqual(
      counts.reduce((sum, count) => sum + count, 0),
      MANY - 5,
    )
    expectEqual(await store.sessions.listByUser(userId, at(1)), sessions.slice(0, 5))
  }),

  rule('S063 leave exactly the newest when each call opens one and evicts', async (store) => {
    const { user } = await storedSession(store, { createdAt: at(-HOUR) })
    const sessions = fifty((age) => aSession(user.id, { createdAt: at(-age) }))
    const evict = () => store.sessions.evictBeyond(user.id, 5, at(1))
    await race(store, sessions, async (session, index) => {
      // Half of them begin with it: there are evictions all the while that sessions are opened.
      if (index % 2 === 1) await evict()
      await store.sessions.insert(session)
      await evict()
    })
    expectEqual(await store.sessions.listByUser(user.id, at(1)), sessions.slice(0, 5))
  }),

  rule('are counted as evicted by one who evicts, or told to one who ends them', async (store) => {
    const sessions = await storedSessions(
      store,
      fifty((age) => ({ createdAt: at(-age) })),
    )
    const told = await race(store, sessions, async ({ id, userId }, index) => {
      if (index % 2 === 0) return store.sessions.evictBeyond(userId, 0, at(1))
      return Number(await store.sessions.revoke(id, 'logout', at(1)))
    })
    expectEqual(
      told.reduce((sum, count) => sum + count, 0),
      MANY,
    )
  }),
])

export const sessionRaceSections = [oneSession, manySessions, eviction]
