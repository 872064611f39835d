import type { Store } from '../store.ts'
import type { TestRunner } from './runner.ts'
import { adminSections } from './store/admins.ts'
import { codeSections } from './store/codes.ts'
import { confirmSections } from './store/confirm.ts'
import { dueUserSections } from './store/due-users.ts'
import { eventConditionSections } from './store/event-conditions.ts'
import { eventPageSections } from './store/event-pages.ts'
import { eventSections } from './store/events.ts'
import { evictionSections } from './store/eviction.ts'
import { idSections } from './store/ids.ts'
import { lifecycleSections } from './store/lifecycle.ts'
import { loginCounterSections } from './store/login-counters.ts'
import { lookAlikeSections } from './store/look-alikes.ts'
import { oneTimeTokenSections } from './store/one-time-tokens.ts'
import { ownRecordSections } from './store/own-records.ts'
import { pruneSections } from './store/prune.ts'
import { pruneRaceSections } from './store/prune-races.ts'
import { revocationSections } from './store/revocation.ts'
import { revokedSinceSections } from './store/revoked-since.ts'
import { rotationSections } from './store/rotation.ts'
import type { Section } from './store/rule.ts'
import { sessionRaceSections } from './store/session-races.ts'
import { sessionSections } from './store/sessions.ts'
import { tokenRaceSections } from './store/token-races.ts'
import { userConditionSections } from './store/user-conditions.ts'
import { userOrderSections } from './store/user-order.ts'
import { userPageSections } from './store/user-pages.ts'
import { userPrefixSections } from './store/user-prefixes.ts'
import { userRaceSections } from './store/user-races.ts'
import { userUpdateSections } from './store/user-updates.ts'
import { userSections } from './store/users.ts'
import { valueSections } from './store/values.ts'

const CONTRACT: readonly Section[] = [
  ...userSections,
  ...lookAlikeSections,
  ...userUpdateSections,
  ...loginCounterSections,
  ...adminSections,
  ...userOrderSections,
  ...userPageSections,
  ...userConditionSections,
  ...userPrefixSections,
  ...dueUserSections,
  ...userRaceSections,
  ...sessionSections,
  ...rotationSections,
  ...confirmSections,
  ...revocationSections,
  ...evictionSections,
  ...sessionRaceSections,
  ...oneTimeTokenSections,
  ...codeSections,
  ...tokenRaceSections,
  ...eventSections,
  ...eventPageSections,
  ...eventConditionSections,
  ...revokedSinceSections,
  ...pruneSections,
  ...pruneRaceSections,
  ...ownRecordSections,
  ...valueSections,
  ...idSections,
  ...lifecycleSections,
]

/**
 * The whole storage contract, each sentence of it a case, for any store. Nothing of it can be left out.
 *
 * @param makeStore Resolves a store without any record, for each case anew. That may be a new database, or one whose
 * tables are emptied first. The cases run one after the other, and each closes its store at its end, also when it fails.
 * @param runner `{ describe, it }` of the test runner.
 */
export function testStore(
  name: string,
  makeStore: () => Store | Promise<Store>,
  { describe, it }: TestRunner,
): void {
  describe(`the storage contract, kept by ${name}`, () => {
    for (const { title, rules } of CONTRACT) {
      describe(title, () => {
        for (const rule of rules)
          it(rule.title, async () => withStore(await makeStore(), rule.check))
      })
    }
  })
}

async function withStore(store: Store, check: (store: Store) => Promise<void>): Promise<void> {
  try {
    await check(store)
  } catch (error) {
    await closeInAnyCase(store)
    throw error
  }
  await store.close()
}

/** Why the case failed says more than why the store does not close. */
async function closeInAnyCase(store: Store): Promise<void> {
  try {
    await store.close()
  } catch {}
}
