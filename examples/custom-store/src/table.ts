import type { Database, RootDatabase } from './lmdb.ts'

/** Text and dates, compared from the left. */
export type Key = readonly (string | Date)[]

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

interface Range {
  /** Only keys whose next part is before this. */
  readonly before?: string | Date | undefined
  readonly limit?: number
  readonly backwards?: boolean
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
  readonly #index: Database<string>
  readonly #options: TableOptions<Row>

  constructor(root: RootDatabase, name: string, options: TableOptions<Row>) {
    this.#rows = root.openDB({ name, encoding: 'json' })
    this.#index = root.openDB({ name: `${name}-index`, encoding: 'string' })
    this.#options = options
  }

  /** The row that is kept under this key. */
  get(...key: Key): Row | null {
    const stored = lookUp(this.#rows, textOf(key))
    return stored === undefined ? null : revived(stored)
  }

  /** The row that has this key in an index. */
  find(...key: Key): Row | null {
    const rowKey = lookUp(this.#index, textOf(key))
    return rowKey === undefined ? null : this.#read(rowKey)
  }

  /** The rows that have a longer key in an index which begins so, in the order of these keys. */
  list(beginning: Key, range: Range = {}): Row[] {
    return rowKeys(this.#index, beginning, range).map((rowKey) => this.#read(rowKey))
  }

  insert(row: Row): void {
    const key = this.#options.key(row)
    if (this.get(...key) !== null) throw new KeyTaken(key)
    this.put(row)
  }

  /** Writes the row in place of the one with its key, if there is one. */
  put(row: Row): void {
    this.remove(row)
    const rowKey = textOf(this.#options.key(row))
    for (const key of this.#options.indexes(row)) {
      if (lookUp(this.#index, textOf(key)) !== undefined) throw new KeyTaken(key)
      this.#index.putSync(textOf(key), rowKey)
    }
    this.#rows.putSync(rowKey, { row, dates: datesIn(row) })
  }

  /** Removes the row with the key of this one. */
  remove(row: Row): void {
    const key = this.#options.key(row)
    const old = this.get(...key)
    if (old === null) return
    for (const indexed of this.#options.indexes(old)) this.#index.removeSync(textOf(indexed))
    this.#rows.removeSync(textOf(key))
  }

  #read(rowKey: string): Row {
    const stored = this.#rows.get(rowKey)
    if (stored === undefined) throw new Error(`an index names ${rowKey}, which is not there`)
    return revived(stored)
  }
}

/** As JSON, in which all text is exact, no text is part of another, and dates sort as they should. */
function textOf(key: Key): string {
  return JSON.stringify(key)
}

/** LMDB refuses longer keys, and what is asked for may be any text. */
const LONGEST_KEY = 1978

function lookUp<Value>(database: Database<Value>, key: string): Value | undefined {
  return Buffer.byteLength(key) > LONGEST_KEY ? undefined : database.get(key)
}

function rowKeys(
  index: Database<string>,
  beginning: Key,
  { before, limit = Number.POSITIVE_INFINITY, backwards = false }: Range,
): string[] {
  const open = (key: Key) => textOf(key).slice(0, -1)
  const low = `${open(beginning)},`
  const high = before === undefined ? `${open(beginning)}-` : open([...beginning, before]) // `-` comes after `,`
  if (Buffer.byteLength(high) > LONGEST_KEY) return []
  const range = backwards ? { start: high, end: low } : { start: low, end: high }
  return [...index.getRange({ ...range, reverse: backwards, limit })].map(({ value }) => value)
}

function datesIn<Row extends object>(row: Row): (keyof Row)[] {
  const members = Object.keys(row) as (keyof Row)[]
  return members.filter((member) => row[member] instanceof Date)
}

function revived<Row>({ row, dates }: Stored<Row>): Row {
  const revive = (member: keyof Row) => [member, new Date(String(row[member]))]
  return { ...row, ...Object.fromEntries(dates.map(revive)) }
}
