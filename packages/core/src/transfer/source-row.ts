import type { InputError } from '../errors.ts'

/** One record of what is imported, as it was found. */
export interface SourceRow {
  /** Counted from 1, without the header; 0 for the header itself. */
  readonly row: number
  /** Where it begins in the text; `null` where there is no text. */
  readonly line: number | null
  /** What stands there; `null` when that cannot be read. */
  readonly value: unknown
  /** Why it cannot be read; empty when it can. */
  readonly errors: readonly InputError[]
  /** Nothing behind it can be read either. */
  readonly last: boolean
}

/** A record that can be read. */
export function readableRow(row: number, line: number | null, value: unknown): SourceRow {
  return { row, line, value, errors: [], last: false }
}

/** A record of which nothing can be made. */
export function brokenRow(
  row: number,
  line: number,
  code: InputError['code'],
  detail: string,
  { last = false } = {},
): SourceRow {
  return { row, line, value: null, errors: [{ pointer: '', code, detail }], last }
}

/** More than any account needs, and little enough to be held in memory. */
export const MAX_RECORD = 64 * 1024

/** In the words of both formats. */
export const tooLong = `Give at most ${MAX_RECORD / 1024} KiB for each account.`
