import * as z from 'zod'
import { exportUsers, exportUsersInput } from '../admin/export-users.ts'
import { importUsers, importUsersInput } from '../admin/import-users.ts'
import { once } from '../once.ts'
import { RECENT_LOGIN } from '../reauthentication.ts'
import type { ImportReport } from '../transfer/import-report.ts'
import { readers } from '../transfer/readers.ts'
import { file, inputErrorSchema, ok } from './answer.ts'
import { queryString } from './door.ts'
import { ownUpload, ownWith, type Route } from './route.ts'
import { mediaTypes } from './upload.ts'

const reportSchema = once(
  () =>
    z.object({
      rows: z.int().meta({ description: 'Looked at, the header not counted.' }),
      created: z.int(),
      updated: z.int(),
      skipped: z.int().meta({ description: 'Accounts that were there, and as they should be.' }),
      refused: z.int(),
      complete: z
        .boolean()
        .meta({ description: 'Whether it came to the end. If not, no later row was read.' }),
      errors: z
        .array(
          z.object({
            row: z.int().meta({ description: 'Counted from 1; 0 for the header.' }),
            line: z.int().optional(),
            errors: z.array(inputErrorSchema()),
          }),
        )
        .meta({ description: 'The refused rows: at most 1,000 of them.' }),
    }) satisfies z.ZodType<ImportReport>,
)

/** Export and import of accounts. */
export const transferRoutes: readonly Route[] = [
  ownWith({
    method: 'GET',
    path: '/users/export',
    operation: 'exportUsers',
    summary: 'Export accounts, the oldest first, without password hashes',
    permission: 'users:export',
    maxAge: RECENT_LOGIN,
    input: exportUsersInput,
    door: queryString,
    answers: file(Object.values(mediaTypes), 'The accounts.'),
    handle: async (ctx, principal, input, { client }) => ({
      type: mediaTypes[input.format],
      name: `users.${input.format}`,
      bytes: exportUsers(ctx, principal, input, client),
    }),
  }),
  ownUpload({
    method: 'POST',
    path: '/users/import',
    operation: 'importUsers',
    summary: 'Import accounts, each row for itself',
    permission: 'users:import',
    maxAge: RECENT_LOGIN,
    input: importUsersInput,
    uploads: Object.values(mediaTypes),
    answers: ok(reportSchema, 'What became of the rows.'),
    async handle(ctx, principal, input, { format, chunks, drain }, { client }) {
      const source = { rows: readers[format](chunks), onProgress() {} }
      const report = await importUsers(ctx, principal, source, input, client)
      await drain()
      return report
    },
  }),
]
