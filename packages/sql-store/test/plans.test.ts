import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { crowd } from './support/crowd.ts'
import { type DatabaseKind, kinds, migrated, postgres } from './support/databases.ts'
import { callEveryVerb } from './support/every-verb.ts'
import { type Planner, planners, type Scan } from './support/planners.ts'
import type { Recorded } from './support/recording.ts'

vi.setConfig({ testTimeout: 60_000 })

/**
 * Read along an index from its end, as far as the page goes: there is no condition, or one that is judged one by one,
 * since it has no index or so many meet it.
 */
const IN_ORDER = [
  ...['all', 'a common prefix', 'a common role'].flatMap((asked) => [
    `users.list (${asked}, by createdAt, ascending)`,
    `users.list (${asked}, by createdAt, descending)`,
  ]),
  'events.list (all)',
  'events.list (an outcome)',
]

/** To PostgreSQL an index is no help where it is to find everybody. */
const FINDS_EVERYBODY = /^users\.list \(a common prefix, by (?:email|username|phone),/

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`every verb on ${kind.name}`, () => {
    it('finds what it wants by an index, in a table with many rows', async () => {
      const planner = planners[kind.name]
      if (planner === undefined) throw new Error(`no planner for ${kind.name}`)
      const { statements, scans } = await recorded(kind, planner)
      const inOrder = new Set<string>()
      const whole: string[] = []
      for (const { verb, statement } of statements) {
        for (const scan of await scans(statement)) {
          if (scan.inOrder) inOrder.add(verb)
          else whole.push(`${verb}: ${scan.told} in ${statement.sql}`)
        }
      }
      expect(statements.length).toBeGreaterThan(200)
      const isExpected = (found: string) => kind === postgres && FINDS_EVERYBODY.test(found)
      expect(whole.filter((found) => !isExpected(found))).toEqual([])
      expect([...inOrder]).toEqual(IN_ORDER)
    })
  })
}

interface Asked {
  readonly verb: string
  readonly statement: Recorded
}

interface Recording {
  readonly statements: readonly Asked[]
  scans(statement: Recorded): Promise<readonly Scan[]>
}

async function recorded(kind: DatabaseKind, planner: Planner): Promise<Recording> {
  const database = await migrated(kind)
  await crowd(database, planner.time)
  await database.query(planner.analyze)
  const statements: Asked[] = []
  let verb = ''
  const watched = planner.open(database.url, (statement) => {
    if (verb !== '') statements.push({ verb, statement })
  })
  onTestFinished(async () => {
    await watched.end()
    await database.drop()
  })
  await watched.store.ready()
  await watched.store.users.find('')
  await callEveryVerb(watched.store, (next) => {
    verb = next
  })
  return { statements, scans: watched.scans }
}
