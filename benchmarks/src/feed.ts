import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type DatabaseServer, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import { count, percent, table } from './markdown.ts'
import { keepResult } from './results.ts'

/** What one node spends. */
export interface FeedFigures {
  readonly revocationsPerSecond: number
  /** Of one core, of the node that only listens. */
  readonly share: number
  readonly shareWhenQuiet: number
}

const RATE = 1_000

/** What it costs a node to hear of a thousand revocations a second. */
export async function feed(effort: Effort): Promise<string> {
  const { measured, missing } = await measureOn(['SQLite', 'PostgreSQL', 'MariaDB'], (server) =>
    costOn(server, effort),
  )
  await keepResult('feed', effort, measured)
  const rows = measured.map(({ database, figures }) => [
    database,
    count(figures.revocationsPerSecond),
    percent(figures.share, 1),
    percent(figures.shareWhenQuiet, 1),
  ])
  const head = [
    'the revocation feed of a node',
    'revocations/s',
    'of one core',
    'of one core, none revoked',
  ]
  return [table(head, rows), ...missing].join('\n\n')
}

async function costOn(server: DatabaseServer, { feedSeconds }: Effort) {
  const database = await server.make()
  const argument = JSON.stringify({ url: database.url, rate: RATE, seconds: feedSeconds })
  const child = fork(`${import.meta.dirname}/feed/listener.ts`, [argument])
  try {
    const [figures]: FeedFigures[] = await once(child, 'message')
    if (figures === undefined) throw new Error('the listener told nothing')
    return { database: server.name, figures }
  } finally {
    child.kill()
    await database.drop()
  }
}
