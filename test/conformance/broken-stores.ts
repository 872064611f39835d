import { brokenAdminCounts } from './broken/admins.ts'
import { brokenAdmissions } from './broken/admission.ts'
import { brokenAttempts } from './broken/attempts.ts'
import type { BrokenStore } from './broken/broken-store.ts'
import { brokenCodes } from './broken/codes.ts'
import { brokenConfirmations } from './broken/confirm.ts'
import { brokenEvents } from './broken/events.ts'
import { brokenEvictions } from './broken/eviction.ts'
import { brokenIdentifiers } from './broken/identifiers.ts'
import { brokenIds } from './broken/ids.ts'
import { brokenLifecycles } from './broken/lifecycle.ts'
import { brokenLoginCounters } from './broken/login-counters.ts'
import { brokenOneTimeTokens } from './broken/one-time-tokens.ts'
import { brokenPruning } from './broken/prune.ts'
import { brokenPruneRaces } from './broken/prune-races.ts'
import { brokenRecords } from './broken/records.ts'
import { brokenRevocations } from './broken/revocation.ts'
import { brokenFeeds } from './broken/revoked-since.ts'
import { brokenRotations } from './broken/rotation.ts'
import { brokenSessions } from './broken/sessions.ts'
import { brokenTexts } from './broken/texts.ts'
import { brokenUniqueness } from './broken/uniqueness.ts'
import { brokenUsers } from './broken/users.ts'
import { brokenValues } from './broken/values.ts'

/** Each breaks one guarantee of the storage contract, in a way in which real stores break it. */
export const brokenStores: readonly BrokenStore[] = [
  ...brokenIdentifiers,
  ...brokenUniqueness,
  ...brokenUsers,
  ...brokenLoginCounters,
  ...brokenAdminCounts,
  ...brokenSessions,
  ...brokenRotations,
  ...brokenConfirmations,
  ...brokenAdmissions,
  ...brokenRevocations,
  ...brokenEvictions,
  ...brokenOneTimeTokens,
  ...brokenAttempts,
  ...brokenCodes,
  ...brokenEvents,
  ...brokenFeeds,
  ...brokenPruning,
  ...brokenPruneRaces,
  ...brokenRecords,
  ...brokenValues,
  ...brokenTexts,
  ...brokenIds,
  ...brokenLifecycles,
]
