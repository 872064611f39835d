import type { Call, Command } from './command.ts'
import { print } from './terminal.ts'

/** The tables of the store. */
export const migrationCommands: readonly Command[] = [
  {
    name: 'migrate',
    summary: 'Brings the tables up to date. Safe to run at any time, from many processes at once.',
    options: ['dry-run'],
    run: (call) => (call.values['dry-run'] === true ? printPlan(call) : migrate(call)),
  },
  {
    name: 'status',
    summary: 'Lists the migrations, and which were run. Ends with 1 when some are missing.',
    options: [],
    run: printStatus,
  },
]

async function migrate({ store, terminal: { stdout } }: Call): Promise<number> {
  const names = await store().migrate()
  for (const name of names) print(stdout, `${name}: done`)
  if (names.length === 0) print(stdout, 'Nothing to do: the tables are up to date.')
  return 0
}

async function printPlan({ store, terminal: { stdout } }: Call): Promise<number> {
  const statements = await store().plannedStatements()
  for (const statement of statements) print(stdout, `${statement.replace(/\s+/g, ' ')};`)
  if (statements.length === 0) print(stdout, '-- Nothing to do: the tables are up to date.')
  return 0
}

async function printStatus({ store, terminal: { stdout } }: Call): Promise<number> {
  const migrations = await store().migrationStatus()
  for (const { name, appliedAt, known } of migrations) {
    const state = appliedAt === null ? 'missing: run latchkey migrate' : appliedAt.toISOString()
    const newer = ', by a newer version of @latchkey/sql-store'
    print(stdout, `${name}: ${known ? state : state + newer}`)
  }
  return migrations.every(({ appliedAt, known }) => appliedAt !== null && known) ? 0 : 1
}
