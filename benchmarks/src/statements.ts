import { type DatabaseName, type DatabaseServer, measureOn } from './databases.ts'
import { table } from './markdown.ts'
import { countedStores, countedVerbs } from './statements/counted.ts'
import { heldContext, scenario } from './statements/scenario.ts'

/** What was asked of a database so far. */
interface Count {
  readonly verbs: number
  readonly statements: number
}

/** What a flow asks of a database before its answer, and in all. */
interface FlowCount {
  readonly flow: string
  readonly answered: Count
  readonly done: Count
}

interface Counted {
  readonly database: DatabaseName
  readonly flows: readonly FlowCount[]
}

/** How often each flow calls the store, and how many statements that makes on each database. */
export async function statements(): Promise<string> {
  const { measured, missing } = await measureOn(['SQLite', 'PostgreSQL', 'MariaDB'], countOn)
  const head = ['before the answer + after it', 'calls of the store']
  const databases = measured.map(({ database }) => `statements on ${database}`)
  const rows = (measured[0]?.flows ?? []).map(({ flow, ...calls }, at) => [
    flow,
    cell(calls, 'verbs'),
    ...measured.map(({ flows }) => cell(flows[at], 'statements')),
  ])
  return [table([...head, ...databases], rows), ...missing].join('\n\n')
}

async function countOn(server: DatabaseServer): Promise<Counted> {
  const database = await server.make()
  let count: Count = { verbs: 0, statements: 0 }
  const { store, close } = countedStores[server.name](database.url, () => {
    count = { ...count, statements: count.statements + 1 }
  })
  try {
    await store.migrate()
    // The first statement of a process has checks before it.
    await store.users.find('')
    const counted = countedVerbs(store, () => {
      count = { ...count, verbs: count.verbs + 1 }
    })
    const held = heldContext(counted)
    const flows: FlowCount[] = []
    for (const [flow, run] of Object.entries(scenario(held))) {
      const before = count
      await run()
      const answered = count
      await held.release()
      flows.push({ flow, answered: less(answered, before), done: less(count, before) })
    }
    return { database: server.name, flows }
  } finally {
    await close()
    await database.drop()
  }
}

function less(count: Count, before: Count): Count {
  return {
    verbs: count.verbs - before.verbs,
    statements: count.statements - before.statements,
  }
}

function cell(flow: Omit<FlowCount, 'flow'> | undefined, what: keyof Count): string {
  if (flow === undefined) return ''
  return `${flow.answered[what]} + ${flow.done[what] - flow.answered[what]}`
}
