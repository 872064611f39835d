import { type DatabaseServer, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import type { Fill } from './growth/fill.ts'
import { fillPostgres } from './growth/fill-postgres.ts'
import { fillSqlite } from './growth/fill-sqlite.ts'
import { flows } from './growth/flows.ts'
import { type Population, populate } from './growth/population.ts'
import { count, table } from './markdown.ts'
import { compareInTurn } from './rounds.ts'

/** What flows cost with few users and with many. */
export async function growth(effort: Effort): Promise<string> {
  const sqlite = await measureOn(['SQLite'], (server) => tableOn(server, fillSqlite, effort))
  const postgres = await measureOn(['PostgreSQL'], (server) =>
    tableOn(server, fillPostgres, effort),
  )
  return [sqlite, postgres]
    .flatMap(({ measured, missing }) => [...measured, ...missing])
    .join('\n\n')
}

async function tableOn(server: DatabaseServer, fill: Fill, effort: Effort): Promise<string> {
  const populations: Population[] = []
  try {
    for (const size of effort.sizes) populations.push(await populate(server, fill, size))
    const rows: string[][] = []
    for (const flow of Object.keys(flows)) rows.push(await rowOf(flow, populations, effort))
    const told = populations.map(describe).join('; ')
    return `${server.name}, ${populations[0]?.cache}: ${told}\n\n${table(head(server, effort), rows)}`
  } finally {
    for (const population of populations) await population.drop()
  }
}

function describe({ plan, megabytes, seconds }: Population): string {
  return `${count(plan.size)} users in ${count(megabytes)} MB, filled in ${seconds.toFixed(1)} s`
}

function head({ name }: DatabaseServer, { sizes: [smallest = 0, ...larger] }: Effort): string[] {
  return [
    `growth on ${name}, µs each`,
    `${count(smallest)} users`,
    ...larger.map((size) => `${count(size)} users`),
    ...larger.map((size) => `${count(size)} : ${count(smallest)}`),
  ]
}

async function rowOf(
  name: string,
  populations: readonly Population[],
  { shortRounds, calls }: Effort,
): Promise<string[]> {
  const flow = flows[name]
  if (flow === undefined) throw new Error(`no flow ${name}`)
  const measured = await compareInTurn(
    shortRounds,
    populations.map((population) => () => flow(population, calls)),
  )
  const ratios = measured.slice(1).map(({ ratio }) => ratio.toFixed(2))
  return [name, ...measured.map(({ value }) => count(value)), ...ratios]
}
