import type { BrokenStore } from './broken/broken-store.ts'
import { brokenCodes } from './broken/codes.ts'
import { brokenConfirmations } from './broken/confirm.ts'
import { brokenEvents } from './broken/events.ts'
import { brokenIdentifiers } from './broken/identifiers.ts'
import { brokenIds } from './broken/ids.ts'
import { brokenLifecycles } from './broken/lifecycle.ts'
import { brokenOneTimeTokens } from './broken/one-time-tokens.ts'
import { brokenPruning } from './broken/prune.ts'
import { brokenRecords } from './broken/records.ts'
import { brokenRevocations } from './broken/revocation.ts'
import { brokenFeeds } from './broken/revoked-since.ts'
import { brokenSessions } from './broken/sessions.ts'
import { brokenUsers } from './broken/users.ts'
import { brokenValues } from './broken/values.ts'

/** Each breaks one guarantee of the storage contract, in a way in which real stores break it. */
export const brokenStores: readonly BrokenStore[] = [
  ...brokenIdentifiers,
  ...brokenUsers,
  ...brokenSessions,
  ...brokenConfirmations,
  ...brokenRevocations,
  ...brokenOneTimeTokens,
  ...brokenCodes,
  ...brokenEvents,
  ...brokenFeeds,
  ...brokenPruning,
  ...brokenRecords,
  ...brokenValues,
  ...brokenIds,
  ...brokenLifecycles,
]
