import { UniqueViolation } from '@latchkey/core'
import { CamelCasePlugin, type Compilable, type CompiledQuery, Kysely } from 'kysely'
import type { Engine } from './engines/engine.ts'
import { persist } from './persistence.ts'
import { type Row, rowReader } from './rows.ts'
import { bind, parameters } from './statements.ts'
import { type Columns, type TableNames, type Tables, tableNames } from './tables.ts'

/** Where the tables are. */
export interface Place {
  readonly tablePrefix: string
  readonly schema: string | null
}

/** What a statement did. */
export interface Outcome {
  readonly rows: readonly Row[]
  /** How many rows were changed, where no rows are answered. */
  readonly changed: number
  /** What MySQL's `LAST_INSERT_ID(value)` was given; 0 elsewhere. */
  readonly insertId: number
}

/** Longest time for a statement that is run again and again, in milliseconds. */
const PATIENCE_MS = 5000

/** A database: builds queries with Kysely, compiles them once, and runs them. */
export class Database {
  readonly engine: Engine
  readonly place: Place
  readonly tables: TableNames
  /** Builds queries; {@link run} runs them. */
  readonly build: Kysely<Tables>
  /** Runs compiled queries as they are. */
  readonly plain: Kysely<unknown>
  readonly #check: () => Promise<void>
  #checked = false
  #checking: Promise<void> | null = null

  /** `check` is run before the first statement, and again until it passes. */
  constructor(engine: Engine, place: Place, check: (database: Database) => Promise<void>) {
    this.engine = engine
    this.place = place
    this.tables = tableNames(place.tablePrefix)
    this.plain = new Kysely<unknown>({ dialect: engine.dialect })
    const build = new Kysely<Tables>({ dialect: engine.dialect, plugins: [new CamelCasePlugin()] })
    this.build = place.schema === null ? build : build.withSchema(place.schema)
    this.#check = () => check(this)
  }

  /** Makes records of rows. With a prefix, of the columns whose names begin with it. */
  reader<Rec>(columns: Columns<Rec>, prefix?: string): (row: Row) => Rec {
    return rowReader(columns, this.engine.decode, prefix)
  }

  /** A statement that is compiled now and run often. */
  statement<Input extends object>(
    compose: (input: Input) => Compilable,
  ): (input: Input) => Promise<Outcome> {
    const compiled = compose(parameters<Input>()).compile()
    this.engine.keep(compiled.sql)
    return (input) => this.#execute({ ...compiled, parameters: bind(compiled.parameters, input) })
  }

  /** Runs a statement whose form depends on the call. */
  run(query: Compilable): Promise<Outcome> {
    return this.#execute(query.compile())
  }

  async #execute(query: CompiledQuery): Promise<Outcome> {
    if (!this.#checked) await this.#checkOnce()
    const { rows, numAffectedRows, insertId } = await this.#persist(query)
    return {
      rows: rows as readonly Row[],
      changed: Number(numAffectedRows ?? 0),
      insertId: Number(insertId ?? 0),
    }
  }

  async #checkOnce(): Promise<void> {
    this.#checking ??= this.#check()
      .catch((error: unknown) => {
        throw this.engine.explain(error)
      })
      .finally(() => {
        this.#checking = null
      })
    await this.#checking
    this.#checked = true
  }

  async #persist(query: CompiledQuery) {
    try {
      return await persist(this.engine, PATIENCE_MS, () => this.plain.executeQuery(query))
    } catch (error) {
      throw this.#told(error)
    }
  }

  #told(error: unknown): Error {
    const column = this.engine.takenColumn(error)
    if (isUniqueField(column)) return new UniqueViolation(column)
    return this.engine.explain(error)
  }
}

function isUniqueField(column: string | null): column is UniqueViolation['field'] {
  return column === 'id' || column === 'email' || column === 'username' || column === 'phone'
}
