import type { OneTimeToken, OneTimeTokenStore, TokenPurpose } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { column, first, lastInsertId, type Verb, valuesOf } from './queries.ts'
import { membersOf, oneTimeTokenColumns } from './tables.ts'

interface ByLink {
  readonly linkHash: string
  readonly purpose: TokenPurpose
  readonly now: Date
}

interface ByUser {
  readonly userId: string
  readonly purpose: TokenPurpose
  readonly now: Date
}

/** What makes a place: one token of a user, a purpose and a slot. */
const PLACE = ['userId', 'purpose', 'slot'] as const

/** The verbs of one-time tokens. */
export function oneTimeTokenStore(db: Database): OneTimeTokenStore {
  const { oneTimeTokens } = db.tables
  const members = membersOf(oneTimeTokenColumns)
  const read = db.reader(oneTimeTokenColumns)
  const find = db.statement((query: ByLink) =>
    db.build
      .selectFrom(oneTimeTokens)
      .select(members)
      .where('linkHash', '=', query.linkHash)
      .where('purpose', '=', query.purpose)
      .where('expiresAt', '>', query.now),
  )
  return {
    put: putVerb(db),
    find: async (linkHash, purpose, now) => first(await find({ linkHash, purpose, now }), read),
    async list(userId, purpose, now, limit) {
      const { rows } = await db.run(
        db.build
          .selectFrom(oneTimeTokens)
          .select(members)
          .where('userId', '=', userId)
          .where('purpose', '=', purpose)
          .where('expiresAt', '>', now)
          .orderBy('createdAt', 'desc')
          .orderBy('id', 'desc')
          .limit(sql.lit(limit)),
      )
      return rows.map(read)
    },
    take: takeVerb(db, find),
    tryCode: tryCodeVerb(db),
  }
}

function putVerb(db: Database): OneTimeTokenStore['put'] {
  const { oneTimeTokens } = db.tables
  const insert = (token: OneTimeToken) =>
    db.build.insertInto(oneTimeTokens).values(valuesOf(oneTimeTokenColumns, token))

  if (db.engine.name === 'mysql') {
    const put = db.statement((token: OneTimeToken) =>
      insert(token).onDuplicateKeyUpdate(
        replacement((name) => sql`values(${column(name)})`, column, 'least', handOverOneMore),
      ),
    )
    return async (token) => {
      const { insertId } = await put(token)
      // Nothing was handed over: nothing was replaced.
      return insertId === 0 ? token.attemptsLeft : insertId - 1
    }
  }
  const smaller = db.engine.name === 'sqlite' ? 'min' : 'least'
  const excluded = (name: string) => column(`excluded.${name}`)
  const old = (name: string) => sql.ref(`${oneTimeTokens}.${name}`)
  const put = db.statement((token: OneTimeToken) =>
    insert(token)
      .onConflict((conflict) =>
        conflict.columns([...PLACE]).doUpdateSet(replacement(excluded, old, smaller)),
      )
      .returning('attemptsLeft'),
  )
  return async (token) => {
    const outcome = await put(token)
    return first(outcome, (row) => Number(row.attempts_left)) ?? token.attemptsLeft
  }
}

/** One more, so that none left is told from nothing handed over. */
function handOverOneMore(value: RawBuilder<number>): RawBuilder<number> {
  return sql<number>`${lastInsertId(sql<number>`(${value}) + 1`)} - 1`
}

type Fragment = (name: string) => RawBuilder<unknown>

/** What the old row becomes: the new one, with no more attempts than were left. */
function replacement(
  next: Fragment,
  old: Fragment,
  smaller: string,
  handOver: (value: RawBuilder<number>) => RawBuilder<number> = (value) => value,
): Record<string, RawBuilder<unknown>> {
  const carried = sql<number>`case when ${old('expiresAt')} > ${next('createdAt')}
    then ${sql.raw(smaller)}(${old('attemptsLeft')}, ${next('attemptsLeft')})
    else ${next('attemptsLeft')} end`
  const others = membersOf(oneTimeTokenColumns).filter(
    (member) => member !== 'attemptsLeft' && !PLACE.some((part) => part === member),
  )
  // First, for MySQL: it asks when the old row expires, and MySQL assigns from left to right.
  return {
    attemptsLeft: handOver(carried),
    ...Object.fromEntries(others.map((member) => [member, next(member)])),
  }
}

function takeVerb(db: Database, find: Verb<ByLink>): OneTimeTokenStore['take'] {
  const read = db.reader(oneTimeTokenColumns)
  const remove = (query: ByLink) =>
    db.build
      .deleteFrom(db.tables.oneTimeTokens)
      .where('linkHash', '=', query.linkHash)
      .where('purpose', '=', query.purpose)
      .where('expiresAt', '>', query.now)

  if (db.engine.returning) {
    const take = db.statement((query: ByLink) =>
      remove(query).returning(membersOf(oneTimeTokenColumns)),
    )
    return async (linkHash, purpose, now) => first(await take({ linkHash, purpose, now }), read)
  }
  // A link has one content, but for the attempts at its code: whoever removes the row knows what was in it.
  const take = db.statement(remove)
  return async (linkHash, purpose, now) => {
    const query = { linkHash, purpose, now }
    const token = first(await find(query), read)
    if (token === null) return null
    const { changed } = await take(query)
    return changed === 1 ? token : null
  }
}

function tryCodeVerb(db: Database): OneTimeTokenStore['tryCode'] {
  const { oneTimeTokens } = db.tables
  const members = membersOf(oneTimeTokenColumns)
  const read = db.reader(oneTimeTokenColumns)
  const oneLess = sql<number>`${column('attemptsLeft')} - 1`
  const spend = (query: ByUser, left = oneLess) =>
    db.build.updateTable(oneTimeTokens).set({ attemptsLeft: left }).where(canBeTried(query))

  if (db.engine.returning) {
    const tryCode = db.statement((query: ByUser) => spend(query).returning(members))
    return async (userId, purpose, now) => first(await tryCode({ userId, purpose, now }), read)
  }
  const find = db.statement((query: ByUser) =>
    db.build.selectFrom(oneTimeTokens).select(members).where(canBeTried(query)),
  )
  const spendFrom = db.statement((query: ByUser & { id: string }) =>
    spend(query, lastInsertId(oneLess)).where('id', '=', query.id),
  )
  // What is compared is what the attempt was spent on: a token that was replaced meanwhile is looked at anew.
  const tryCode: OneTimeTokenStore['tryCode'] = async (userId, purpose, now) => {
    const query = { userId, purpose, now }
    const token = first(await find(query), read)
    if (token === null) return null
    const { changed, insertId } = await spendFrom({ ...query, id: token.id })
    return changed === 1 ? { ...token, attemptsLeft: insertId } : tryCode(userId, purpose, now)
  }
  return tryCode
}

function canBeTried({ userId, purpose, now }: ByUser) {
  return sql<boolean>`${column('userId')} = ${userId} and ${column('purpose')} = ${purpose}
    and ${column('slot')} = '' and ${column('codeHash')} is not null and ${column('attemptsLeft')} > 0
    and ${column('codeExpiresAt')} > ${now} and ${column('expiresAt')} > ${now}`
}
