import type {
  AuthOptions,
  ExportUsersInput,
  ImportReport,
  ImportUsersOptions,
  JsonObject,
  ProfileSchema,
  TransferFunctions,
} from '@latchkey/core'
import Papa from 'papaparse'
import { expect } from 'vitest'
import * as z from 'zod'

/** Options for accounts that have everything, and any profile. */
export const everything = {
  identifiers: ['email', 'username', 'phone'],
  optionalIdentifiers: ['username', 'phone'],
  sms: () => {},
  profile: asProfile(z.record(z.string(), z.unknown())),
} satisfies Partial<AuthOptions>

/** The same, with a profile that has a name, a level, and nothing else. */
export const withLevels = {
  ...everything,
  profile: asProfile(z.object({ name: z.string().max(80).optional(), level: z.int().optional() })),
}

/** A schema of which only the test knows what it lets through. */
export function asProfile(schema: z.ZodType): ProfileSchema<JsonObject> {
  return schema as unknown as ProfileSchema<JsonObject>
}

/** The whole text of an export. */
export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** An export by the application itself. */
export function exported(auth: TransferFunctions, input: ExportUsersInput = {}): Promise<string> {
  return textOf(auth.exportUsers('system', input))
}

/** The records of a CSV text, the header first, as a parser reads them that is none of ours. */
export function recordsIn(csv: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(csv, { skipEmptyLines: true })
  expect(errors).toEqual([])
  return data
}

/** The records of a CSV text by the names of their columns. */
export function rowsIn(csv: string): Record<string, string>[] {
  const { data, errors } = Papa.parse<Record<string, string>>(csv, {
    header: true,
    skipEmptyLines: true,
  })
  expect(errors).toEqual([])
  return data
}

/** A text as it comes over a wire: in pieces that end anywhere. */
export async function* pieces(text: string | Uint8Array, size = 4096): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** An import of a text by the application itself. */
export function importText(
  auth: TransferFunctions,
  text: string | Uint8Array,
  options: ImportUsersOptions & { readonly size?: number } = {},
): Promise<ImportReport> {
  const { size, format = 'csv', ...rules } = options
  return auth.importUsers('system', pieces(text, size), { format, ...rules })
}

/** An import of objects by the application itself. */
export function importObjects(
  auth: TransferFunctions,
  objects: readonly object[],
  options: ImportUsersOptions = {},
): Promise<ImportReport> {
  return auth.importUsers('system', sequence(objects), options)
}

/** The items, one after the other. */
export async function* sequence<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}

/** All pointers of a report, each with its row and code: `2 /email taken`. */
export function complaintsIn({ errors }: ImportReport): readonly string[] {
  return errors.flatMap(({ row, errors: some }) =>
    some.map(({ pointer, code }) => `${row} ${pointer} ${code}`),
  )
}
