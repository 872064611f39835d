import { describe, expect, it, onTestFinished } from 'vitest'
import { aSession, at, aUser } from '../../../packages/core/src/testing/store/records.ts'
import { open } from '../src/lmdb.ts'
import { lmdbStore } from '../src/lmdb-store.ts'
import { newFile } from './support/files.ts'

const HOUR_MS = 3_600_000

describe('the revocation feed', () => {
  it('goes on behind a clock that was ahead', async () => {
    const inAnHour = Date.now() + HOUR_MS
    const { store, revoke } = await storeThatTells([inAnHour])
    const { cursor, sessions } = await store.revokedSince(null)
    expect({ cursor, sessions }).toEqual({ cursor: `${inAnHour}`, sessions: [`${inAnHour}`] })
    const id = await revoke()
    expect(await store.revokedSince(cursor)).toMatchObject({ sessions: [id] })
  })

  it('starts anew with what is recent', async () => {
    const last = Date.now()
    const recent = [last - 10_000, last]
    const { store } = await storeThatTells([last - HOUR_MS, last - 10_001, ...recent])
    expect(await store.revokedSince(null)).toMatchObject({ sessions: recent.map(String) })
  })

  it('forgets what is older than a day, and no more', async () => {
    const old = Array.from({ length: 250 }, (_, index) => Date.now() - 25 * HOUR_MS + index)
    const young = Date.now() - 2 * HOUR_MS
    const { store, revoke } = await storeThatTells([...old, young])
    const id = await revoke()
    const told = async () => (await store.revokedSince('0')).sessions
    expect(await told()).toHaveLength(252)
    const limits = { endedBefore: at(0), pendingBefore: at(0), eventsBefore: at(0) }
    expect(await store.prune({ now: at(0), ...limits })).toBe(0)
    expect(await told()).toEqual([`${young}`, id])
  })
})

/** A store on whose file others have revoked something at these times. */
async function storeThatTells(times: readonly number[]) {
  const path = newFile()
  const store = lmdbStore({ path })
  onTestFinished(store.close)
  const entries = open({ path, noSubdir: true, overlappingSync: false }).openDB<unknown, number>({
    name: 'revocations',
    encoding: 'json',
  })
  await Promise.all(times.map((time) => entries.put(time, { session: `${time}` })))
  return {
    store,
    /** Revokes a session now, and resolves its id. */
    async revoke() {
      const session = aSession(aUser().id)
      await store.sessions.insert(session)
      await store.sessions.revoke(session.id, 'logout', at(0))
      return session.id
    },
  }
}
