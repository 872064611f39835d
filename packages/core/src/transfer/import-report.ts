import type { InputError } from '../errors.ts'
import type { ImportOutcome } from './import-account.ts'
import type { SourceRow } from './source-row.ts'

/** How far an import has come. */
export interface ImportProgress {
  /** Looked at, the header not counted. */
  readonly rows: number
  readonly created: number
  readonly updated: number
  /** Accounts that were there, and as they should be. */
  readonly skipped: number
  readonly refused: number
}

/** A row that was not imported. */
export interface RefusedRow {
  /** Counted from 1, without the header; 0 for the header itself. */
  readonly row: number
  /** The line of the text on which it begins. */
  readonly line?: number | undefined
  readonly errors: readonly InputError[]
}

/** What became of an import. */
export interface ImportReport extends ImportProgress {
  /** Whether it came to the end. If not, nothing behind the last row that is counted was read. */
  readonly complete: boolean
  /** The refused rows, in their order; at most 1,000 of them. */
  readonly errors: readonly RefusedRow[]
}

const MAX_ERRORS = 1000
const PROGRESS_EVERY = 100

/** Keeps count of an import while it goes on. */
export interface Tally {
  readonly progress: ImportProgress
  /** Whether anything was refused, the header counted. */
  hasRefused(): boolean
  count(outcome: ImportOutcome): void
  refuse(source: SourceRow, errors: readonly InputError[]): void
  report(complete: boolean): ImportReport
}

export function tally(onProgress: (progress: ImportProgress) => void): Tally {
  const counts = { rows: 0, created: 0, updated: 0, skipped: 0, refused: 0 }
  const refused: RefusedRow[] = []

  function add(outcome: ImportOutcome | 'refused'): void {
    counts.rows += 1
    counts[outcome] += 1
    if (counts.rows % PROGRESS_EVERY === 0) onProgress({ ...counts })
  }

  return {
    progress: counts,
    hasRefused: () => refused.length > 0,
    count: add,
    refuse({ row, line }, errors) {
      if (refused.length < MAX_ERRORS) {
        refused.push({ row, ...(line !== null && { line }), errors })
      }
      if (row > 0) add('refused')
    },
    report(complete) {
      onProgress({ ...counts })
      return { ...counts, complete, errors: refused.toSorted((a, b) => a.row - b.row) }
    },
  }
}
