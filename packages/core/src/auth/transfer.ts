import { type ExportUsersInput, exportUsers, exportUsersInput } from '../admin/export-users.ts'
import { type ImportRulesInput, importUsers, importUsersInput } from '../admin/import-users.ts'
import { type Actor, checkActor } from '../authority.ts'
import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import { inputError } from '../errors.ts'
import type { GivenClient } from '../events.ts'
import { parseInput } from '../input.ts'
import type { TransferFormat } from '../transfer/formats.ts'
import type { ImportProgress, ImportReport } from '../transfer/import-report.ts'
import { objectRows } from '../transfer/object-rows.ts'
import { readers } from '../transfer/readers.ts'
import type { SourceRow } from '../transfer/source-row.ts'

/** How `importUsers` goes about it. */
export interface ImportUsersOptions {
  /** What the bytes of the source are. Without it, the source gives an object for each account. */
  readonly format?: TransferFormat | undefined
  /** Checks everything, and writes nothing. @default false */
  readonly dryRun?: boolean | undefined
  /** What is to become of an account that exists. @default 'skip' */
  readonly ifExists?: 'skip' | 'update' | 'refuse' | undefined
  /** Whether to go on behind a row that is refused. @default 'continue' */
  readonly onError?: 'continue' | 'stop' | undefined
  /** Whether `ifExists: 'update'` changes passwords too, which ends the sessions of those accounts. @default false */
  readonly updatePasswords?: boolean | undefined
  /** Hears after every 100 rows, and at the end, how far it is. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
}

/** Export and import of accounts. */
export interface TransferFunctions {
  /**
   * The accounts as CSV or NDJSON, made while it is read, without hashes. Throws `invalid_input` at once, everything
   * else at the first reading.
   */
  exportUsers(by: Actor, input?: ExportUsersInput, client?: GivenClient): AsyncIterable<Uint8Array>
  /** Imports accounts from CSV, NDJSON or objects. A row that cannot be imported is in the report, and holds up no other. */
  importUsers(
    by: Actor,
    source: AsyncIterable<Uint8Array> | AsyncIterable<object>,
    options?: ImportUsersOptions,
    client?: GivenClient,
  ): Promise<ImportReport>
}

export function transferFunctions(ctx: Context): TransferFunctions {
  return {
    exportUsers: (by, input = {}, client) =>
      exportUsers(
        ctx,
        checkActor('exportUsers', by),
        parseInput(exportUsersInput, input),
        describeClient(client),
      ),
    async importUsers(by, given, options = {}, client) {
      const { format, onProgress = () => {}, ...rules } = options
      const input: ImportRulesInput = parseInput(importUsersInput, rules)
      const source = { rows: rowsOf(given, format), onProgress }
      const actor = checkActor('importUsers', by)
      return importUsers(ctx, actor, source, input, describeClient(client))
    },
  }
}

/** With a format the source gives bytes: nothing about it could tell before it is read. */
function rowsOf(
  source: AsyncIterable<unknown>,
  format: TransferFormat | undefined,
): AsyncIterable<SourceRow> {
  if (format === undefined) return objectRows(source)
  if (!Object.hasOwn(readers, format)) throw inputError('/format', 'invalid', 'Give csv or ndjson.')
  return readers[format](source as AsyncIterable<Uint8Array>)
}
