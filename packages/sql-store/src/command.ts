import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { ConfigurationError } from '@latchkey/core'
import type { SqlStoreOptions } from './options.ts'
import { type SqlStore, sqlStore } from './sql-store.ts'
import { SqlStoreError } from './sql-store-error.ts'

/** Where a command writes. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

type Print = (line: string) => void

const HELP = `latchkey <command> [options]

Commands
  migrate            Brings the tables up to date. Safe to run at any time, from many processes at once.
    --dry-run        Only prints the statements that would be run.
  status             Lists the migrations, and which were run. Ends with 1 when some are missing.

Options
  --url <url>        sqlite:./app.db, postgres://…, mysql://…   Default: the variable DATABASE_URL
  --table-prefix <p> What the names of all tables begin with.  Default: latchkey_
  --schema <name>    PostgreSQL: the schema of the tables.
  --help             Prints this.
`

const OPTIONS = {
  url: { type: 'string' },
  'table-prefix': { type: 'string' },
  schema: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} satisfies ParseArgsOptionsConfig

const COMMANDS: Readonly<
  Record<string, (store: SqlStore, print: Print, dryRun: boolean) => Promise<number>>
> = {
  migrate: (store, print, dryRun) => (dryRun ? printPlan(store, print) : migrate(store, print)),
  status: (store, print) => printStatus(store, print),
}

/** Runs a command of the terminal, and resolves the exit status: 0 done, 1 failed or not up to date, 2 misused. */
export async function runCommand(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { stdout, stderr }: Terminal,
): Promise<number> {
  const print: Print = (line) => stdout.write(`${line}\n`)
  const complain: Print = (line) => stderr.write(`${line}\n`)
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: OPTIONS,
      allowPositionals: true,
    })
    if (values.help === true) {
      stdout.write(HELP)
      return 0
    }
    const [name = '', ...surplus] = positionals
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (command === undefined || surplus.length > 0) throw new MisuseError(misuse(name, surplus))
    const store = sqlStore(storeOptions(values, env.DATABASE_URL))
    return await command(store, print, values['dry-run'] === true).finally(() => store.close())
  } catch (error) {
    return explain(error, complain)
  }
}

class MisuseError extends Error {}

function misuse(name: string, surplus: readonly string[]): string {
  if (surplus.length > 0) return `What is ${surplus.join(' ')}? One command at a time.`
  return name === '' ? 'Which command?' : `There is no command ${name}.`
}

function storeOptions(
  values: { url?: string; 'table-prefix'?: string; schema?: string },
  databaseUrl: string | undefined,
): SqlStoreOptions {
  const url = values.url || databaseUrl
  if (!url) {
    throw new MisuseError('Which database? Give --url, or set DATABASE_URL.')
  }
  const { schema, 'table-prefix': tablePrefix } = values
  return {
    url,
    ...(tablePrefix !== undefined && { tablePrefix }),
    ...(schema !== undefined && { schema }),
  }
}

async function migrate(store: SqlStore, print: Print): Promise<number> {
  const names = await store.migrate()
  for (const name of names) print(`${name}: done`)
  if (names.length === 0) print('Nothing to do: the tables are up to date.')
  return 0
}

async function printPlan(store: SqlStore, print: Print): Promise<number> {
  const statements = await store.plannedStatements()
  for (const statement of statements) print(`${statement.replace(/\s+/g, ' ')};`)
  if (statements.length === 0) print('-- Nothing to do: the tables are up to date.')
  return 0
}

async function printStatus(store: SqlStore, print: Print): Promise<number> {
  const migrations = await store.migrationStatus()
  for (const { name, appliedAt, known } of migrations) {
    const state = appliedAt === null ? 'missing: run latchkey migrate' : appliedAt.toISOString()
    print(`${name}: ${known ? state : `${state}, by a newer version of @latchkey/sql-store`}`)
  }
  return migrations.every(({ appliedAt, known }) => appliedAt !== null && known) ? 0 : 1
}

function explain(error: unknown, complain: Print): number {
  if (error instanceof MisuseError || isParseError(error)) {
    complain(`${error.message}\nSee latchkey --help.`)
    return 2
  }
  if (error instanceof ConfigurationError) {
    complain(error.message)
    return 2
  }
  if (!(error instanceof SqlStoreError)) throw error
  const { cause } = error
  complain(cause instanceof Error ? `${error.message}\n${cause.message}` : error.message)
  return 1
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && String(Object(error).code).startsWith('ERR_PARSE_ARGS')
}
