import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { type DatabaseName, type DatabaseServer, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import { type Contender, contender, requireSameRecords, works } from './hot-verbs/contender.ts'
import { rawMariadb } from './hot-verbs/raw-mariadb.ts'
import { rawPostgres } from './hot-verbs/raw-postgres.ts'
import { rawSqlite } from './hot-verbs/raw-sqlite.ts'
import type { HotVerbs, OpenVerbs } from './hot-verbs/verbs.ts'
import { table } from './markdown.ts'
import { compareInTurn, rateOf } from './rounds.ts'

const IN_PARALLEL = 8

const raw: Readonly<Record<DatabaseName, (url: string) => OpenVerbs>> = {
  SQLite: rawSqlite,
  PostgreSQL: rawPostgres,
  MariaDB: rawMariadb,
}

/** The verbs that run most, through the store and by the driver alone. */
export async function hotVerbs(effort: Effort): Promise<string> {
  const { measured, missing } = await measureOn(['SQLite', 'PostgreSQL', 'MariaDB'], (server) =>
    tableOn(server, effort),
  )
  return [...measured, ...missing].join('\n\n')
}

async function tableOn(server: DatabaseServer, effort: Effort): Promise<string> {
  const database = await server.make()
  try {
    const store = sqlStore({ url: database.url })
    await store.migrate()
    const driver = raw[server.name](database.url)
    try {
      const contenders = await bothOn(store, driver)
      const rows: string[][] = []
      for (const verb of Object.keys(works)) rows.push(await rowOf(verb, contenders, effort))
      return table(head(server.name), rows)
    } finally {
      await driver.close()
      await store.close()
    }
  } finally {
    await database.drop()
  }
}

/** The driver comes first: the store is compared with it. */
async function bothOn(store: SqlStore, { verbs }: OpenVerbs): Promise<readonly Contender[]> {
  const driver = await contender('driver', verbs, store)
  await requireSameRecords(driver, store)
  return [driver, await contender('store', verbsOf(store), store)]
}

function verbsOf({ users, sessions }: SqlStore): HotVerbs {
  const { find, confirm, rotate, insert } = sessions
  return { find, confirm, rotate, insert, countFailedLogin: users.countFailedLogin }
}

function head(database: DatabaseName): string[] {
  const many = `${IN_PARALLEL} at a time`
  return [
    `hot verbs on ${database}, µs each`,
    'driver',
    'store',
    'store : driver',
    `driver, ${many}`,
    `store, ${many}`,
    `store : driver, ${many}`,
  ]
}

async function rowOf(
  verb: string,
  contenders: readonly Contender[],
  effort: Effort,
): Promise<string[]> {
  const one = await cellsOf(verb, contenders, 1, effort)
  return [verb, ...one, ...(await cellsOf(verb, contenders, IN_PARALLEL, effort))]
}

async function cellsOf(
  verb: string,
  contenders: readonly Contender[],
  inParallel: number,
  { shortRounds, verbSeconds }: Effort,
): Promise<string[]> {
  const work = works[verb]
  if (work === undefined) throw new Error(`no work for ${verb}`)
  const measurements = contenders.map((who) => async () => {
    const { perSecond } = await rateOf(verbSeconds, inParallel, () => work(who))
    return 1_000_000 / perSecond
  })
  const measured = await compareInTurn(shortRounds, measurements)
  const times = measured.map(({ value }) => value.toFixed(0))
  return [...times, (measured.at(-1)?.ratio ?? 0).toFixed(2)]
}
