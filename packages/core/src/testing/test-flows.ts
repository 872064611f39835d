import type { Store } from '../store.ts'
import { explained } from './assertions.ts'
import { accountCrashes } from './flows/account-crashes.ts'
import { accountRaces } from './flows/account-races.ts'
import { activationCrashes } from './flows/activation-crashes.ts'
import { activations } from './flows/activations.ts'
import { addressChanges, addressVerifications } from './flows/address-changes.ts'
import { addressRaces } from './flows/address-races.ts'
import { administration } from './flows/administration.ts'
import { administrationCrashes } from './flows/administration-crashes.ts'
import { administrationRaces } from './flows/administration-races.ts'
import { approvalGroups } from './flows/approvals.ts'
import { auditLog } from './flows/audit-log.ts'
import { createdUsers } from './flows/created-users.ts'
import { credentialRaces } from './flows/credential-races.ts'
import { ownAccount } from './flows/own-account.ts'
import { ownAccountCrashes } from './flows/own-account-crashes.ts'
import { ownAccountRaces } from './flows/own-account-races.ts'
import { passwordChanges } from './flows/password-changes.ts'
import { passwordCrashes } from './flows/password-crashes.ts'
import { passwordResets } from './flows/password-resets.ts'
import { phoneChanges } from './flows/phone-changes.ts'
import { phones } from './flows/phones.ts'
import { refreshCrashes } from './flows/refresh-crashes.ts'
import { registrationCrashes } from './flows/registration-crashes.ts'
import { registrations } from './flows/registrations.ts'
import { repeatedRegistrationCrashes } from './flows/repeated-registration-crashes.ts'
import { sessionCrashes } from './flows/session-crashes.ts'
import { sessionEnds } from './flows/session-ends.ts'
import { sessionRaces } from './flows/session-races.ts'
import { sessions } from './flows/sessions.ts'
import { openBench } from './flows/set-up.ts'
import { storeCalls } from './flows/store-calls.ts'
import type { TestCase, TestGroup } from './flows/test-case.ts'
import { texts } from './flows/texts.ts'
import { userChangeCrashes } from './flows/user-change-crashes.ts'
import { usernames } from './flows/usernames.ts'
import type { TestRunner } from './runner.ts'

const GROUPS: readonly TestGroup[] = [
  registrations,
  activations,
  usernames,
  phones,
  approvalGroups,
  createdUsers,
  sessions,
  sessionEnds,
  passwordChanges,
  passwordResets,
  addressChanges,
  addressVerifications,
  phoneChanges,
  ownAccount,
  administration,
  texts,
  auditLog,
  accountRaces,
  credentialRaces,
  addressRaces,
  ownAccountRaces,
  administrationRaces,
  sessionRaces,
  registrationCrashes,
  repeatedRegistrationCrashes,
  activationCrashes,
  accountCrashes,
  passwordCrashes,
  ownAccountCrashes,
  administrationCrashes,
  userChangeCrashes,
  refreshCrashes,
  sessionCrashes,
  storeCalls,
].flat()

/**
 * Runs every flow of Latchkey on a store: the life of an account, fifty calls at once on one node and on two, and a
 * failure of each call that a flow makes. Who writes a store runs `testStore`, the contract verb by verb, and this.
 *
 * @param name Names the store in the titles.
 * @param makeStore Gives an empty store. Each case asks for one, and closes it at its end; no two cases run at once
 *   unless the runner lets them.
 * @param runner `describe` and `it` of a test runner.
 */
export function testFlows(
  name: string,
  makeStore: () => Store | Promise<Store>,
  { describe, it }: TestRunner,
): void {
  describe(`the flows of Latchkey on ${name}`, () => {
    for (const group of GROUPS) {
      describe(group.title, () => {
        for (const testCase of group.cases) {
          it(testCase.title, async () => runCase(testCase, await makeStore()))
        }
      })
    }
  })
}

async function runCase({ title, run }: TestCase, store: Store): Promise<void> {
  const { bench, close } = openBench(store)
  try {
    await run(bench)
  } catch (error) {
    await close()
    await closeInAnyCase(store)
    throw explained(error, title)
  }
  await close()
  await store.close()
}

/** Why the case failed says more than why the store does not close. */
async function closeInAnyCase(store: Store): Promise<void> {
  try {
    await store.close()
  } catch {}
}
