import type { Store } from '@latchkey/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeCodes } from './codes.ts'
import { describeConfirm } from './confirm.ts'
import { describeEvents } from './events.ts'
import { describeLoginCounters } from './login-counters.ts'
import { describeOneTimeTokens } from './one-time-tokens.ts'
import { describeOwnRecords } from './own-records.ts'
import { describePrune } from './prune.ts'
import { describeRevocation } from './revocation.ts'
import { describeRevokedSince } from './revoked-since.ts'
import { describeRotation } from './rotation.ts'
import { describeSessionRaces } from './session-races.ts'
import { describeSessions } from './sessions.ts'
import { describeTokenRaces } from './token-races.ts'
import { describeUserRaces } from './user-races.ts'
import { describeUserUpdates } from './user-updates.ts'
import { describeUsers } from './users.ts'

/** Makes a new, empty store. */
export type MakeStore = () => Store | Promise<Store>

/** The storage contract, each sentence of it a case, for any store. */
export function describeStore(name: string, makeStore: MakeStore): void {
  const open = async () => {
    const store = await makeStore()
    onTestFinished(() => store.close())
    return store
  }
  describe(`the storage contract, kept by ${name}`, () => {
    describeUsers(open)
    describeUserUpdates(open)
    describeLoginCounters(open)
    describeUserRaces(open)
    describeSessions(open)
    describeRotation(open)
    describeConfirm(open)
    describeRevocation(open)
    describeSessionRaces(open)
    describeOneTimeTokens(open)
    describeCodes(open)
    describeTokenRaces(open)
    describeEvents(open)
    describeRevokedSince(open)
    describePrune(open)
    describeOwnRecords(open)

    it('answers that it is ready', async () => {
      const store = await open()
      await expect(store.ready()).resolves.toBeUndefined()
    })

    it('may be closed twice', async () => {
      const store = await open()
      await store.close()
      await expect(store.close()).resolves.toBeUndefined()
    })
  })
}
