import { boundsOf, bytesOf, isTooLong, type Key, type Range } from './key.ts'
import type { Database, RootDatabase } from './lmdb.ts'

/** Another row has that key. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken'
  readonly key: Key

  constructor(key: Key) {
    super('another row has that key')
    this.key = key
  }
}

interface TableOptions<Row> {
  /** What the row is kept under. */
  readonly key: (row: Row) => Key
  /** What else it is found by. A key that ends with the row's own is nobody else's; any other is unique by this. */
  readonly indexes: (row: Row) => readonly Key[]
}

/** Which rows. */
interface Selection<Row> extends Range {
  /** At most this many; 1 or more. */
  readonly limit?: number
  /** Only rows that are so. All in between are read: as many as it takes. */
  readonly where?: (row: Row) => boolean
}

/** JSON has no dates: which members were some is kept beside it. */
interface Stored<Row> {
  readonly row: Row
  readonly dates: readonly (keyof Row)[]
}

/**
 * Rows, with indexes that are never behind. Nothing here waits: a verb that calls several methods calls them in one
 * transaction (see `environment.ts`), and what it leaves half done by throwing was never there.
 */
export class Table<Row extends object> {
  readonly #rows: Database<Stored<Row>>
  /** To the keys of rows. */
  readonly #index: Database<Buffer>
  readonly #options: TableOptions<Row>

  constructor(root: RootDatabase, name: string, options: TableOptions<Row>) {
    const keyEncoding = 'binary'
    this.#rows = root.openDB({ name, keyEncoding, encoding: 'json' })
    this.#index = root.openDB({ name: `${name}-index`, keyEncoding, encoding: 'binary' })
    this.#options = options
  }

  /** The row that is kept under this key. */
  get(...key: Key): Row | null {
    const stored = lookUp(this.#rows, bytesOf(key))
    return stored === undefined ? null : revived(stored)
  }

  /** The row that has this key in an index. */
  find(...key: Key): Row | null {
    const rowKey = lookUp(this.#index, bytesOf(key))
    return rowKey === undefined ? null : this.#read(rowKey)
  }

  /** The rows that have a longer key in an index which begins so, in the order of these keys. */
  list(beginning: Key, { limit, where = () => true, ...range }: Selection<Row> = {}): Row[] {
    const rows: Row[] = []
    for (const { value: rowKey } of this.#index.getRange(boundsOf(beginning, range))) {
      const row = this.#read(rowKey)
      if (where(row)) rows.push(row)
      if (rows.length === limit) break
    }
    return rows
  }

  /** How many such keys there are; `most` if there are more. Reads no row. */
  count(beginning: Key, range: Range, most: number): number {
    return [...this.#index.getKeys({ ...boundsOf(beginning, range), limit: most })].length
  }

  insert(row: Row): void {
    const key = this.#options.key(row)
    if (this.get(...key) !== null) throw new KeyTaken(key)
    this.put(row)
  }

  /** Writes the row in place of the one with its key, if there is one. */
  put(row: Row): void {
    this.remove(row)
    const rowKey = bytesOf(this.#options.key(row))
    for (const key of this.#options.indexes(row)) {
      if (lookUp(this.#index, bytesOf(key)) !== undefined) throw new KeyTaken(key)
      this.#index.putSync(bytesOf(key), rowKey)
    }
    this.#rows.putSync(rowKey, { row, dates: datesIn(row) })
  }

  /** Removes the row with the key of this one. */
  remove(row: Row): void {
    const key = this.#options.key(row)
    const old = this.get(...key)
    if (old === null) return
    for (const indexed of this.#options.indexes(old)) this.#index.removeSync(bytesOf(indexed))
    this.#rows.removeSync(bytesOf(key))
  }

  #read(rowKey: Buffer): Row {
    const stored = this.#rows.get(rowKey)
    if (stored === undefined) throw new Error('an index names a row that is not there')
    return revived(stored)
  }
}

function lookUp<Value>(database: Database<Value>, key: Buffer): Value | undefined {
  return isTooLong(key) ? undefined : database.get(key)
}

function datesIn<Row extends object>(row: Row): (keyof Row)[] {
  const members = Object.keys(row) as (keyof Row)[]
  return members.filter((member) => row[member] instanceof Date)
}

function revived<Row>({ row, dates }: Stored<Row>): Row {
  const revive = (member: keyof Row) => [member, new Date(String(row[member]))]
  return { ...row, ...Object.fromEntries(dates.map(revive)) }
}
