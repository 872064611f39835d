import { type BenchDatabase, type DatabaseServer, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import { count, percent, table } from './markdown.ts'
import { installPeers, peerVersions } from './peers.ts'
import { keepResult, summarise } from './results.ts'
import { inTurn, median } from './rounds.ts'
import { type Candidate, candidates } from './routes/candidates.ts'
import { type Load, type RouteProcess, startRoute } from './routes/route-process.ts'
import { chartOf, type Measured, type Outcome, summaryOf } from './routes/summary.ts'

const SESSIONS = 1_000

/** A route behind each library, ours and others, against the same route without a guard. */
export async function protectedRoute(effort: Effort): Promise<string> {
  await installPeers()
  const made: BenchDatabase[] = []
  try {
    const { measured } = await measureOn(['SQLite', 'PostgreSQL'], async (server) => server)
    const all = await candidates(SESSIONS, databasesOn(measured, made))
    const outcomes = await measureAll(all, effort)
    const charts = { 'protected-route': chartOf(outcomes) }
    await keepResult('protected-route', effort, outcomes, charts)
    await summarise(effort, summaryOf(outcomes))
    return [peerVersions(), tableOf('one', outcomes), tableOf('many', outcomes)].join('\n\n')
  } finally {
    for (const database of made) await database.drop()
  }
}

function databasesOn(servers: readonly DatabaseServer[], made: BenchDatabase[]) {
  const maker = (name: string) => {
    const server = servers.find((one) => one.name === name)
    if (server === undefined) return null
    return async () => {
      const database = await server.make()
      made.push(database)
      return database.url
    }
  }
  const sqlite = maker('SQLite')
  if (sqlite === null) throw new Error('SQLite needs no server')
  return { sqlite, postgres: maker('PostgreSQL') }
}

async function measureAll(all: readonly Candidate[], effort: Effort): Promise<Outcome[]> {
  const routes: Record<string, RouteProcess> = {}
  try {
    for (const { name, program } of all) routes[name] = await startRoute(program)
    const one = await measure(all, routes, effort, 1)
    const many = await measure(all, routes, effort, SESSIONS)
    return all.map(({ name, base, revocation }) => ({
      name,
      base,
      revocation,
      one: comparedWith(baseOf(base, one), one[name]),
      many: comparedWith(baseOf(base, many), many[name]),
    }))
  } finally {
    for (const route of Object.values(routes)) route.stop()
  }
}

function measure(
  all: readonly Candidate[],
  routes: Readonly<Record<string, RouteProcess>>,
  { rounds, loadSeconds }: Effort,
  sessions: number,
) {
  const measurements: Record<string, () => Promise<Load>> = {}
  for (const { name } of all) {
    const route = routes[name]
    if (route !== undefined) measurements[name] = () => route.load(loadSeconds, sessions)
  }
  return inTurn(rounds, measurements)
}

/** What the bare route did in each round: the mean where it stands there twice. */
function baseOf(base: string, taken: Readonly<Record<string, readonly Load[]>>): readonly number[] {
  const bare = Object.keys(taken).filter((name) => name.startsWith(base))
  const rounds = taken[base] ?? []
  return rounds.map((_, round) => {
    const rates = bare.map((name) => taken[name]?.[round]?.requestsPerSecond ?? 0)
    return rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  })
}

function comparedWith(base: readonly number[], loads: readonly Load[] = []): Measured {
  const shares = loads.map(({ requestsPerSecond }, round) => requestsPerSecond / (base[round] ?? 0))
  const of = (name: keyof Load) => median(loads.map((load) => load[name]))
  return {
    requestsPerSecond: of('requestsPerSecond'),
    p99: of('p99'),
    cpuMicroseconds: of('cpuMicroseconds'),
    queries: of('queries'),
    share: median(shares),
    shares: [Math.min(...shares), Math.max(...shares)],
  }
}

const FIGURES = [
  'requests/s',
  'to the bare route',
  'smallest and largest',
  'p99, ms',
  'CPU µs',
  'store queries',
]

function tableOf(series: 'one' | 'many', outcomes: readonly Outcome[]): string {
  const told = series === 'one' ? 'one session' : `${count(SESSIONS)} sessions in turn`
  return table(
    [`protected route, ${told}`, ...FIGURES],
    outcomes.map((outcome) => [outcome.name, ...cells(outcome[series])]),
  )
}

function cells(measured: Measured): string[] {
  const { requestsPerSecond, share, shares, p99, cpuMicroseconds, queries } = measured
  return [
    count(requestsPerSecond),
    percent(share, 1),
    `${shares.map((one) => Math.round(one * 100)).join(' to ')} %`,
    p99.toFixed(1),
    cpuMicroseconds.toFixed(1),
    queries.toFixed(0),
  ]
}
