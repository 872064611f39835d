import type { UserPatch } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { MANY, race, raceToReject } from './race.ts'
import { aUser } from './records.ts'

export function describeUserRaces(open: OpenStore): void {
  describe(`users, ${MANY} calls at once`, () => {
    it.each(['email', 'username', 'phone'] as const)(
      'S112 S113 lets exactly one of the inserts of one %s in',
      async (kind) => {
        const store = await open()
        const users = Array.from({ length: MANY }, () => aUser({ [kind]: 'wanted' }))
        const { resolved, reasons } = await raceToReject(async (index) => {
          const user = users[index] ?? aUser()
          await store.users.insert(user)
          return user
        })
        const violation = expect.objectContaining({ name: 'UniqueViolation', field: kind })
        expect(resolved).toHaveLength(1)
        expect(reasons).toEqual(Array.from({ length: MANY - 1 }, () => violation))
        expect(await store.users.findByIdentifier({ kind, value: 'wanted' })).toEqual(resolved[0])
        const kept = await Promise.all(users.map(({ id }) => store.users.find(id)))
        expect(kept.filter((user) => user !== null)).toEqual(resolved)
      },
    )

    it('lets exactly one of the updates from one version win', async () => {
      const store = await open()
      const user = aUser()
      await store.users.insert(user)
      const results = await race((index) =>
        store.users.update(user.id, 1, { profile: { writer: index } }),
      )
      const winners = results.filter((result) => result !== null)
      expect(winners).toHaveLength(1)
      expect(await store.users.find(user.id)).toEqual(winners[0])
      expect(winners[0]?.version).toBe(2)
    })

    it('loses no update of those that try again', async () => {
      const store = await open()
      const user = aUser()
      await store.users.insert(user)
      await race(async () => {
        const patch = (epoch: number): UserPatch => ({ credentialEpoch: epoch + 1 })
        for (;;) {
          const now = await store.users.find(user.id)
          if (now === null) throw new Error('the user is gone')
          const done = await store.users.update(user.id, now.version, patch(now.credentialEpoch))
          if (done !== null) return
        }
      })
      const after = await store.users.find(user.id)
      expect(after).toMatchObject({ credentialEpoch: MANY, version: MANY + 1 })
    })

    it('gives an identifier that many updates want to exactly one', async () => {
      const store = await open()
      const users = Array.from({ length: MANY }, () => aUser())
      for (const user of users) await store.users.insert(user)
      const { resolved, reasons } = await raceToReject((index) =>
        store.users.update(users[index]?.id ?? '', 1, { username: 'wanted' }),
      )
      const violation = expect.objectContaining({ name: 'UniqueViolation', field: 'username' })
      expect(resolved).toHaveLength(1)
      expect(reasons).toEqual(Array.from({ length: MANY - 1 }, () => violation))
      const found = await store.users.findByIdentifier({ kind: 'username', value: 'wanted' })
      expect(found).toEqual(resolved[0])
      const after = await Promise.all(users.map(({ id }) => store.users.find(id)))
      expect(after.filter((user) => user?.version === 1)).toHaveLength(MANY - 1)
    })

    it('counts every failed login', async () => {
      const store = await open()
      const user = aUser({ username: 'ada' })
      await store.users.insert(user)
      const results = await race(() =>
        store.users.countFailedLogin({ kind: 'username', value: 'ada' }),
      )
      const counts = results.map((result) => result?.failedLogins ?? 0).sort((a, b) => a - b)
      expect(counts).toEqual(Array.from({ length: MANY }, (_, index) => index + 1))
      expect(await store.users.find(user.id)).toEqual({ ...user, failedLogins: MANY })
    })

    it('loses no count to an update, and no update to a count', async () => {
      const store = await open()
      const user = aUser({ username: 'ada' })
      await store.users.insert(user)
      const updates = await race(async (index) => {
        if (index % 2 === 0) return store.users.update(user.id, 1, { status: 'disabled' })
        return store.users.countFailedLogin({ kind: 'username', value: 'ada' }).then(() => null)
      })
      expect(updates.filter((updated) => updated !== null)).toHaveLength(1)
      const after = await store.users.find(user.id)
      expect(after).toMatchObject({ status: 'disabled', version: 2, failedLogins: MANY / 2 })
    })
  })
}
