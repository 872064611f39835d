import * as z from 'zod'
import type { Actor } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError, type InputError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { namesIn } from '../transfer/existing-account.ts'
import { importAccount } from '../transfer/import-account.ts'
import {
  type ImportProgress,
  type ImportReport,
  type Tally,
  tally,
} from '../transfer/import-report.ts'
import { type ImportedAccount, readImportedAccount } from '../transfer/import-row.ts'
import { inParallel } from '../transfer/in-parallel.ts'
import { lastingAuthority } from '../transfer/lasting-authority.ts'
import { rowErrors } from '../transfer/row-errors.ts'
import { type SeenValues, seenValues } from '../transfer/seen-values.ts'
import type { SourceRow } from '../transfer/source-row.ts'
import { inTurns } from '../transfer/turns.ts'

const flag = () =>
  z
    .unknown()
    .meta({ type: 'boolean', default: false })
    .refine((value) => ['true', 'false'].includes(String(value)), 'Give true or false.')
    .transform((value) => String(value) === 'true')
    .optional()

export const importUsersInput = once(() =>
  z.strictObject({
    dryRun: flag(),
    ifExists: z.enum(['skip', 'update', 'refuse']).default('skip'),
    onError: z.enum(['continue', 'stop']).default('continue'),
    updatePasswords: flag(),
  }),
)

/** How accounts are imported. */
export type ImportRulesInput = InputOf<typeof importUsersInput>

/** What is imported. */
export interface ImportSource {
  readonly rows: AsyncIterable<SourceRow>
  onProgress(progress: ImportProgress): void
}

// A database with a server has an answer on its way for each; one in this process does them one after the other anyway.
const CONCURRENCY = 8

/** A row that can be read, and the account that it means. */
interface ReadRow {
  readonly source: SourceRow
  readonly account: ImportedAccount
}

/**
 * Imports the accounts of a source: each row for itself, and those that cannot be are told in the report. Nothing is
 * sent to anybody. Wants `users:import`, and `users:roles` for rows that give other roles than everybody gets. Nobody
 * imports a role above their own, or over somebody who stands above them (S090). The route asks for a login within 15
 * minutes, this does not.
 *
 * An account is known again by its id or its identifiers, so that after a crash, or an error of the source, the same
 * import goes on where it was: what is done already is skipped. It breaks off when whoever imports may no longer.
 */
export async function importUsers(
  ctx: Context,
  by: Actor,
  { rows, onProgress }: ImportSource,
  input: ImportRulesInput,
  client: Client,
): Promise<ImportReport> {
  const { dryRun = false, ifExists, onError, updatePasswords = false } = input
  const authority = await lastingAuthority(ctx, by, ['users:import'], client)
  const { trace } = await authority()
  const counts = tally(onProgress)
  const reading = { counts, seen: seenValues(), stops: onError === 'stop', complete: true }
  try {
    // To stop at a row means that none behind it has begun.
    const limit = reading.stops ? 1 : CONCURRENCY
    await inParallel(readRows(ctx, rows, reading), limit, async ({ source, account }) => {
      const rules = { authority: await authority(), dryRun, ifExists, updatePasswords }
      await refusing(counts, source, async () =>
        counts.count(await importAccount(ctx, account, rules)),
      )
    })
  } finally {
    const { created, updated, refused } = counts.progress
    if (!dryRun) ctx.emit({ type: 'users.imported', created, updated, refused, ...trace })
  }
  return counts.report(reading.complete)
}

interface Reading {
  readonly counts: Tally
  readonly seen: SeenValues
  readonly stops: boolean
  /** Whether all rows have been read. */
  complete: boolean
}

/** One row after the other, so that of two with one identifier it is always the second that is refused. */
async function* readRows(
  ctx: Context,
  rows: AsyncIterable<SourceRow>,
  reading: Reading,
): AsyncGenerator<ReadRow> {
  for await (const source of inTurns(rows)) {
    if (reading.stops && reading.counts.hasRefused()) return endEarly(reading)
    const account = await readAccount(ctx, source, reading)
    if (account !== null) yield { source, account }
    if (source.last) return endEarly(reading)
  }
}

function endEarly(reading: Reading): void {
  reading.complete = false
}

/** The account that the row means; `null` where there is none, or an earlier row means it too. */
async function readAccount(
  ctx: Context,
  source: SourceRow,
  { counts, seen }: Reading,
): Promise<ImportedAccount | null> {
  let account: ImportedAccount | null = null
  await refusing(counts, source, async () => {
    if (source.errors.length > 0) throw new AuthError('invalid_input', { errors: source.errors })
    const read = await readImportedAccount(ctx, source.value)
    const errors = duplicatesIn(read, seen)
    if (errors.length > 0) throw new AuthError('invalid_input', { errors })
    account = read
  })
  return account
}

function duplicatesIn({ id, identifiers }: ImportedAccount, seen: SeenValues): InputError[] {
  const names = namesIn(identifiers).map(({ kind, value }) => [kind, value] as const)
  const all = id === undefined ? names : [['id', id] as const, ...names]
  return all
    .filter(([kind, value]) => seen.add(`${kind} ${value}`))
    .map(([kind]) => ({ pointer: `/${kind}`, code: 'duplicate', detail: DUPLICATE }))
}

const DUPLICATE = 'An earlier row has this too.'

/** Does what may find out that the row cannot be imported. */
async function refusing(
  counts: Tally,
  source: SourceRow,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    const errors = rowErrors(error)
    if (errors === null) throw error
    counts.refuse(source, errors)
  }
}
