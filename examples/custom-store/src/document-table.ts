import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

/** A document as it was read, and what it will be compared by when it is written. */
export interface Stored<Doc> {
  readonly doc: Doc
  readonly key: string
  readonly revision: number
}

/** Members that must be equal, or lie before or after a time. */
export type Filter = Readonly<Record<string, string | number | null | Range>>

type Range = { readonly before: Date } | { readonly after: Date }

/** Somebody else's document has that member. */
export class DuplicateMember extends Error {
  readonly member: string

  constructor(member: string) {
    super(`${member} is taken`)
    this.member = member
  }
}

/**
 * What nearly every database offers for documents: insert, find by members, and replace or remove a document **if nobody
 * changed it since it was read**. Here on SQLite, so that it runs anywhere.
 */
export class DocumentTable<Doc extends object> {
  readonly #db: DatabaseSync
  readonly #name: string
  readonly #keyOf: (doc: Doc) => string
  readonly #dates: readonly string[]

  /** `unique` members are taken once, `indexed` ones are looked up; `dates` are made into `Date`s again. */
  constructor(
    db: DatabaseSync,
    name: string,
    keyOf: (doc: Doc) => string,
    members: { unique: readonly string[]; indexed: readonly string[]; dates: readonly string[] },
  ) {
    this.#db = db
    this.#name = name
    this.#keyOf = keyOf
    this.#dates = members.dates
    db.exec(`create table if not exists ${name}
      (key text primary key, doc text not null, revision integer not null, revoked_at integer)`)
    db.exec(`create index if not exists ${name}_revoked_at on ${name} (revoked_at)`)
    for (const member of members.unique) {
      db.exec(
        `create unique index if not exists ${name}_${member} on ${name} (doc ->> '${member}')`,
      )
    }
    for (const member of members.indexed) {
      db.exec(`create index if not exists ${name}_${member} on ${name} (doc ->> '${member}')`)
    }
  }

  async insert(doc: Doc): Promise<void> {
    const insert = this.#db.prepare(`insert into ${this.#name} values (?, ?, 1, null)`)
    this.#refusingDuplicates(() => insert.run(this.#keyOf(doc), JSON.stringify(doc)))
  }

  async find(filter: Filter): Promise<Stored<Doc>[]> {
    const { sql, values } = conditions(filter)
    const rows = this.#db.prepare(`select * from ${this.#name} where ${sql}`).all(...values)
    return rows.map((row) => ({
      doc: this.#revive(String(row.doc)),
      key: String(row.key),
      revision: Number(row.revision),
    }))
  }

  /** Writes the document if it is still the one that was read, and says whether it was. */
  async replace({ key, revision }: Stored<Doc>, doc: Doc, revokes = false): Promise<boolean> {
    const update = this.#db.prepare(
      `update ${this.#name} set doc = ?, revision = revision + 1,
         revoked_at = ${revokes ? NOW : 'revoked_at'} where key = ? and revision = ?`,
    )
    const { changes } = this.#refusingDuplicates(() =>
      update.run(JSON.stringify(doc), key, revision),
    )
    return changes === 1
  }

  /** Removes the document if it is still the one that was read, and says whether it was. */
  async remove({ key, revision }: Stored<Doc>): Promise<boolean> {
    const remove = this.#db.prepare(`delete from ${this.#name} where key = ? and revision = ?`)
    return remove.run(key, revision).changes === 1
  }

  /** What was replaced with `revokes` since then, by the clock of the database in milliseconds. */
  async revokedSince(time: number): Promise<Doc[]> {
    const select = this.#db.prepare(`select doc from ${this.#name} where revoked_at >= ?`)
    return select.all(time).map(({ doc }) => this.#revive(String(doc)))
  }

  #revive(json: string): Doc {
    const doc = JSON.parse(json)
    for (const member of this.#dates) doc[member] &&= new Date(doc[member])
    return doc
  }

  #refusingDuplicates<T>(write: () => T): T {
    try {
      return write()
    } catch (error) {
      const [, member] =
        /UNIQUE constraint failed: (?:index '\w+_(\w+)'|\w+\.key)/.exec(String(error)) ?? []
      if (!String(error).includes('UNIQUE constraint failed')) throw error
      throw new DuplicateMember(member ?? 'id')
    }
  }
}

const NOW = "cast(unixepoch('subsec') * 1000 as integer)"

/** The clock of the database, in milliseconds. */
export function clockOf(db: DatabaseSync): number {
  return Number(db.prepare(`select ${NOW} as now`).get()?.now)
}

/** Dates stand in documents as text in UTC, which sorts as they do. */
function conditions(filter: Filter): { sql: string; values: SQLInputValue[] } {
  const parts = Object.entries(filter).map(([member, wanted]) => {
    const column = `doc ->> '${member}'`
    if (wanted === null || typeof wanted !== 'object')
      return { sql: `${column} is ?`, value: wanted }
    return 'before' in wanted
      ? { sql: `${column} < ?`, value: wanted.before.toISOString() }
      : { sql: `${column} > ?`, value: wanted.after.toISOString() }
  })
  return {
    sql: parts.map(({ sql }) => sql).join(' and ') || 'true',
    values: parts.map(({ value }) => value),
  }
}
