import type { Effort } from './effort.ts'
import { type Answers, useRoute } from './login-storm/clients.ts'
import { type StormServer, startStormServer, type Watched } from './login-storm/server-process.ts'
import { startStorm } from './login-storm/storm-process.ts'
import { count, percent, table } from './markdown.ts'
import { medians } from './rounds.ts'

const STORM = 300
const ROUTE_CLIENTS = 50
const ROUTE_CALLS_PER_SECOND = 10
// Enough that there is always a hash to make, and few enough that nobody is sent away.
const STEADY = 32
const EXPECTED = ['200', '401', '429', '503']

interface Storm extends Watched {
  readonly clients: number
  readonly seconds: number
  readonly logins: Answers
  readonly route: Answers
}

/** What a protected route feels of many who log in at once, and how many logins a second there are. */
export async function loginStorm(effort: Effort): Promise<string> {
  const server = await startStormServer()
  try {
    const throughput = await compareWithHashing(server, effort)
    // Long enough that the moment in which all of them come at once is less than a hundredth of it.
    const seconds = 4 * effort.loadSeconds
    // Nothing is measured of the first: a server that runs knows its way.
    await storm(server, STEADY, effort.loadSeconds)
    const storms = [await storm(server, 0, seconds), await storm(server, STORM, seconds)]
    return [throughput, feltTable(storms), answersTable(storms)].join('\n\n')
  } finally {
    server.stop()
  }
}

async function compareWithHashing(
  server: StormServer,
  { rounds, loadSeconds }: Effort,
): Promise<string> {
  const alone = (inParallel: number) => () => server.hashAlone(loadSeconds, inParallel)
  const { one, two, three, four, logins } = await medians(rounds, {
    one: alone(1),
    two: alone(2),
    three: alone(3),
    four: alone(4),
    logins: () => server.loginAlone(loadSeconds, STEADY),
  })
  const rates = [one, two, three, four].map(({ perSecond }) => perSecond)
  const best = Math.max(...rates)
  return table(
    ['alone', 'per second', 'compared'],
    [
      ...rates.map((rate, at) => [`argon2 verify, ${at + 1} at a time`, count(rate), '']),
      [
        `login, ${STEADY} at a time`,
        count(logins.perSecond),
        `${percent(logins.perSecond, best)} of argon2 alone at its best`,
      ],
    ],
  )
}

async function storm(server: StormServer, clients: number, seconds: number): Promise<Storm> {
  const blow = await startStorm({ url: server.url, clients, seconds })
  await server.watch()
  const [logins, route] = await Promise.all([
    blow(),
    useRoute(server, ROUTE_CLIENTS, seconds, ROUTE_CALLS_PER_SECOND),
  ])
  const watched = await server.report()
  expectOnly(EXPECTED, logins)
  expectOnly(['200'], route)
  return { ...watched, clients, seconds, logins, route }
}

function expectOnly(expected: readonly string[], { statuses, withoutRetryAfter }: Answers): void {
  const others = Object.keys(statuses).filter((status) => !expected.includes(status))
  if (others.length > 0) throw new Error(`some answers were ${others.join(', ')}`)
  if (withoutRetryAfter > 0) throw new Error('some refusals had no Retry-After')
}

function feltTable(storms: readonly Storm[]): string {
  const head = [
    `${ROUTE_CLIENTS} who use a protected route, and …`,
    'event-loop delay p99, ms',
    'at most, ms',
    'route p99, ms',
    'memory growth, MiB',
    'logins/s',
  ]
  const rows = storms.map(({ clients, seconds, logins, route, ...watched }) => [
    clients === 0 ? 'nobody else' : `${clients} who log in at once`,
    watched.delayP99.toFixed(1),
    watched.delayMax.toFixed(1),
    route.p99.toFixed(1),
    watched.memoryGrowth.toFixed(0),
    count((logins.statuses[200] ?? 0) / seconds),
  ])
  return table(head, rows)
}

function answersTable(storms: readonly Storm[]): string {
  const head = ['answers to', ...EXPECTED]
  const rows = storms
    .filter(({ clients }) => clients > 0)
    .flatMap(({ logins, route }) => [
      ['logins', ...EXPECTED.map((status) => count(logins.statuses[status] ?? 0))],
      ['the protected route', ...EXPECTED.map((status) => count(route.statuses[status] ?? 0))],
    ])
  return table(head, rows)
}
