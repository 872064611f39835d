import { pipeline } from 'node:stream/promises'
import type { Auth, ImportReport, RefusedRow } from '@latchkey/core'
import type { Call } from './command.ts'
import { formatOf, openFile, writeFile } from './files.ts'
import { filtersOf, wordOf } from './filters.ts'
import { progressOn, showing } from './progress.ts'
import { print } from './terminal.ts'

/** Writes users to a file, or to standard output. */
export async function exportUsers(call: Call, auth: Auth): Promise<number> {
  const { values, argument, terminal } = call
  const format = formatOf(values.format, argument)
  const bytes = auth.exportUsers('system', { ...filtersOf(call), format })
  if (argument !== null) {
    await showing(progressOn(terminal.stderr, 'bytes'), ({ show }) =>
      writeFile(argument, counted(bytes, show), values.force === true),
    )
    return 0
  }
  await pipeline(bytes, terminal.stdout, { end: false })
  return 0
}

/** Reads users from a file, and tells which rows are refused. */
export async function importUsers(call: Call, auth: Auth): Promise<number> {
  const { values, argument, terminal } = call
  const { 'if-exists': ifExists, 'on-error': onError } = values
  const dryRun = values['dry-run'] === true
  const format = formatOf(values.format, argument)
  const { bytes, size } = await openFile(argument ?? '')
  const report = await showing(progressOn(terminal.stderr, 'bytes'), ({ show }) =>
    auth.importUsers(
      'system',
      counted(bytes, (done) => show(done, size)),
      {
        format,
        dryRun,
        updatePasswords: values['update-passwords'] === true,
        ...(ifExists !== undefined && {
          ifExists: wordOf('if-exists', ifExists, ['skip', 'update', 'refuse']),
        }),
        ...(onError !== undefined && {
          onError: wordOf('on-error', onError, ['continue', 'stop']),
        }),
      },
    ),
  )
  tell(call, report, dryRun)
  return report.complete && report.refused === 0 ? 0 : 1
}

function tell({ terminal: { stdout, stderr } }: Call, report: ImportReport, dryRun: boolean): void {
  const { rows, created, updated, skipped, refused, errors, complete } = report
  for (const refusal of errors) {
    for (const { pointer, detail } of refusal.errors) {
      print(stderr, `${placeOf(refusal)}: ${pointer} ${detail}`)
    }
  }
  if (refused > errors.length) print(stderr, `… and ${refused - errors.length} more rows.`)
  if (!complete) print(stderr, `Broke off: nothing behind row ${rows} was read.`)
  const verb = dryRun ? 'Would create' : 'Created'
  print(stdout, `${verb} ${created}, updated ${updated}, skipped ${skipped}, refused ${refused}.`)
}

function placeOf({ row, line }: RefusedRow): string {
  if (row === 0) return 'header'
  return line === undefined ? `row ${row}` : `row ${row}, line ${line}`
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  show: (done: number, total: null) => void,
): AsyncIterable<Uint8Array> {
  let done = 0
  for await (const piece of bytes) {
    done += piece.length
    show(done, null)
    yield piece
  }
}
