import * as z from 'zod'
import { inputError } from './errors.ts'
import { roleSchema } from './input.ts'
import { once } from './once.ts'
import {
  cursorId,
  cursorMember,
  cursorText,
  cursorTime,
  limitSchema,
  readCursor,
  timeSchema,
  writeCursor,
} from './paging.ts'
import type { UserPosition, UserQuery, UserSort } from './queries.ts'
import type { User, UserStatus } from './records.ts'

/** Which accounts are meant. What is left out is no condition. */
export interface UserFilters {
  /** How an e-mail address, a username or a phone number begins. No character stands for another. */
  readonly search?: string | undefined
  readonly status?: Exclude<UserStatus, 'deleted'> | undefined
  readonly role?: string | undefined
  /** Created at this time or later: a `Date`, or ISO 8601. */
  readonly createdFrom?: Date | string | undefined
  /** Created before this time. */
  readonly createdBefore?: Date | string | undefined
}

/** What `listUsers` takes. */
export interface ListUsersInput extends UserFilters {
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** From the page before, to go on. It belongs to the same `sort`. */
  readonly cursor?: string | undefined
  /** Sorted by an identifier, accounts without one of that kind are left out. @default 'createdAt' */
  readonly sort?: UserSort | undefined
  /** @default 'descending' for `createdAt`, else 'ascending' */
  readonly order?: 'ascending' | 'descending' | undefined
}

const MAX_LIMIT = 200
const DEFAULT_LIMIT = 50

/** The members of an input that say which accounts are meant. */
export const userFilterMembers = once(() => ({
  search: z
    .string()
    .trim()
    .min(1)
    .max(320)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'Give well-formed text.')
    .optional()
    .meta({ description: 'How an e-mail address, a username or a phone number begins.' }),
  status: z.enum(['pending', 'active', 'disabled']).optional(),
  role: roleSchema().optional(),
  createdFrom: timeSchema('Created at this time or later.').optional(),
  createdBefore: timeSchema('Created before this time.').optional(),
}))

export const listUsersInput = once(() =>
  z.strictObject({
    limit: limitSchema(MAX_LIMIT, DEFAULT_LIMIT).optional(),
    cursor: cursorMember().optional(),
    ...userFilterMembers(),
    sort: z.enum(['createdAt', 'email', 'username', 'phone']).default('createdAt'),
    order: z.enum(['ascending', 'descending']).optional().meta({
      description: 'By default the newest first, and identifiers in ascending order.',
    }),
  }),
)

type ParsedFilters = { readonly [Name in keyof UserFilters]?: UserFilters[Name] } & {
  readonly createdFrom?: Date | undefined
  readonly createdBefore?: Date | undefined
}

/** What of a query the filters decide. The search is put into the form in which identifiers are compared. */
export function conditionsOf({ search, status, role, createdFrom, createdBefore }: ParsedFilters) {
  return {
    prefix: search === undefined ? null : canonicalPrefix(search),
    status: status ?? null,
    role: role ?? null,
    createdFrom: createdFrom ?? null,
    createdBefore: createdBefore ?? null,
  } satisfies Partial<UserQuery>
}

/** A number may be written as people do; everything else is in lower case. */
function canonicalPrefix(search: string): string {
  return /^\+[\d ()./-]*$/.test(search) ? search.replace(/[^+\d]/g, '') : search.toLowerCase()
}

/** The query that the input stands for. Throws `invalid_input` for a cursor that is not of this list. */
export function queryOf(input: z.output<ReturnType<typeof listUsersInput>>): UserQuery {
  const { limit = DEFAULT_LIMIT, cursor, sort } = input
  return {
    limit,
    sort,
    order: input.order ?? (sort === 'createdAt' ? 'descending' : 'ascending'),
    after: cursor === undefined ? null : positionIn(cursor, sort),
    ...conditionsOf(input),
  }
}

const positionSchema = once(() =>
  z.union([
    z.tuple([z.literal('createdAt'), cursorTime(), cursorId()]),
    z.tuple([z.enum(['email', 'username', 'phone']), cursorText(), cursorId()]),
  ]),
)

function positionIn(cursor: string, wanted: UserSort): UserPosition {
  const [sort, value, id] = readCursor(cursor, positionSchema())
  if (sort !== wanted) throw inputError('/cursor', 'invalid', 'Give the same sort as before.')
  return { value: sort === 'createdAt' ? new Date(value) : String(value), id }
}

/** Where the list goes on behind this user. */
export function cursorBehind(user: User, sort: UserSort): string {
  const value = sort === 'createdAt' ? user.createdAt.getTime() : user[sort]
  return writeCursor([sort, value, user.id])
}
