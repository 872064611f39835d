import { brokenAdminCounts } from './broken/admins.ts'
import { brokenAdmissions } from './broken/admission.ts'
import { brokenAttempts } from './broken/attempts.ts'
import type { BrokenStore } from './broken/broken-store.ts'
import { brokenCodes } from './broken/codes.ts'
import { brokenConfirmations } from './broken/confirm.ts'
import { brokenDueUsers } from './broken/due-users.ts'
import { brokenEventConditions } from './broken/event-conditions.ts'
import { brokenEventPages } from './broken/event-pages.ts'
import { brokenEvents } from './broken/events.ts'
import { brokenEvictions } from './broken/eviction.ts'
import { brokenIdentifiers } from './broken/identifiers.ts'
import { brokenIds } from './broken/ids.ts'
import { brokenLifecycles } from './broken/lifecycle.ts'
import { brokenListedValues } from './broken/listed-values.ts'
import { brokenLoginCounters } from './broken/login-counters.ts'
import { brokenOneTimeTokens } from './broken/one-time-tokens.ts'
import { brokenPruning } from './broken/prune.ts'
import { brokenPruneRaces } from './broken/prune-races.ts'
import { brokenPurposes } from './broken/purposes.ts'
import { brokenRecords } from './broken/records.ts'
import { brokenRevocations } from './broken/revocation.ts'
import { brokenFeeds } from './broken/revoked-since.ts'
import { brokenRotations } from './broken/rotation.ts'
import { brokenSessions } from './broken/sessions.ts'
import { brokenTexts } from './broken/texts.ts'
import { brokenUniqueness } from './broken/uniqueness.ts'
import { brokenUserConditions } from './broken/user-conditions.ts'
import { brokenUserOrder } from './broken/user-order.ts'
import { brokenUserPages } from './broken/user-pages.ts'
import { brokenUserPrefixes } from './broken/user-prefixes.ts'
import { brokenUsers } from './broken/users.ts'
import { brokenValues } from './broken/values.ts'

/** Each breaks one guarantee of the storage contract, in a way in which real stores break it. */
export const brokenStores: readonly BrokenStore[] = [
  ...brokenIdentifiers,
  ...brokenUniqueness,
  ...brokenUsers,
  ...brokenLoginCounters,
  ...brokenAdminCounts,
  ...brokenUserOrder,
  ...brokenUserPages,
  ...brokenUserConditions,
  ...brokenUserPrefixes,
  ...brokenDueUsers,
  ...brokenSessions,
  ...brokenRotations,
  ...brokenConfirmations,
  ...brokenAdmissions,
  ...brokenRevocations,
  ...brokenEvictions,
  ...brokenOneTimeTokens,
  ...brokenPurposes,
  ...brokenAttempts,
  ...brokenCodes,
  ...brokenEvents,
  ...brokenEventPages,
  ...brokenEventConditions,
  ...brokenFeeds,
  ...brokenPruning,
  ...brokenPruneRaces,
  ...brokenRecords,
  ...brokenValues,
  ...brokenListedValues,
  ...brokenTexts,
  ...brokenIds,
  ...brokenLifecycles,
]
