import * as z from 'zod'
import type { Actor } from '../authority.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import { once } from '../once.ts'
import type { UserPosition } from '../queries.ts'
import type { User } from '../records.ts'
import { exportedUser } from '../transfer/exported-user.ts'
import type { TransferFormat } from '../transfer/formats.ts'
import { lastingAuthority } from '../transfer/lasting-authority.ts'
import { inTurns } from '../transfer/turns.ts'
import { writers } from '../transfer/writers.ts'
import { conditionsOf, type UserFilters, userFilterMembers } from '../user-listing.ts'

export const exportUsersInput = once(() =>
  z.strictObject({ format: z.enum(['csv', 'ndjson']).default('csv'), ...userFilterMembers() }),
)

/** What `exportUsers` takes: in which format, and which accounts are meant. */
export interface ExportUsersInput extends UserFilters {
  /** @default 'csv' */
  readonly format?: TransferFormat | undefined
}

type Parsed = z.output<ReturnType<typeof exportUsersInput>>

// Few enough that the memory of a page is nothing, many enough that its query is not what takes time.
const PAGE = 250

/**
 * The accounts, the oldest first, as text that is made while it is read: a page of the store at a time, and none that
 * nobody asks for. It holds no hash and no token. It breaks off when whoever asked may no longer have it. The audit log
 * tells how many went out, also when nobody read them to the end. The route asks for a login within 15 minutes, this does
 * not.
 *
 * An account that is added meanwhile may be in it; everybody else is in it once.
 */
export async function* exportUsers(
  ctx: Context,
  by: Actor,
  input: Parsed,
  client: Client,
): AsyncGenerator<Uint8Array> {
  const authority = await lastingAuthority(ctx, by, ['users:export'], client)
  const { trace } = await authority()
  const { format } = input
  const { head, write } = await writers[format]()
  const encoder = new TextEncoder()
  let count = 0
  let text = head
  try {
    for await (const page of inTurns(pages(ctx, input))) {
      await authority()
      text += write(page.map((user) => exportedUser(ctx, user)))
      count += page.length
      yield encoder.encode(text)
      text = ''
    }
    if (text !== '') yield encoder.encode(text)
  } finally {
    ctx.emit({ type: 'users.exported', format, count, ...trace })
  }
}

async function* pages(ctx: Context, input: Parsed): AsyncGenerator<readonly User[]> {
  const query = {
    limit: PAGE,
    sort: 'createdAt',
    order: 'ascending',
    ...conditionsOf(input),
  } as const
  let after: UserPosition | null = null
  for (;;) {
    const page: readonly User[] = await ctx.store.users.list({ ...query, after })
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    if (page.length < PAGE) return
    after = { value: last.createdAt, id: last.id }
  }
}
