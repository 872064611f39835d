import type { SqlStore } from '../sql-store.ts'
import type { OptionName, OptionValues } from './options.ts'
import type { Terminal } from './terminal.ts'

/** What a command may use. */
export interface Call {
  readonly values: OptionValues
  /** What stands behind the name of the command, such as a file; `null` for nothing. */
  readonly argument: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
  /** The store of `--url`. Closed when the command ends. */
  store(): SqlStore
}

/** A command of the terminal. */
export interface Command {
  /** Such as `users import`. */
  readonly name: string
  /** What stands behind the name, such as `<file>`, or `[file]` where it may be left out. */
  readonly takes?: string
  readonly summary: string
  /** Whether it works on no database, so that nothing names one. */
  readonly offline?: true
  /** Its own options, beside those that name the database. */
  readonly options: readonly OptionName[]
  /** Resolves the exit status: 0 done, 1 failed or not up to date. */
  run(call: Call): Promise<number>
}

/** What names the database. */
export const databaseOptions: readonly OptionName[] = ['url', 'table-prefix', 'schema']
