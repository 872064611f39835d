import { PASSWORD } from './accounts.ts'
import type { Effort } from './effort.ts'
import { table } from './markdown.ts'
import { addressOf, type Kind, kinds } from './timing/accounts.ts'
import { compare, median } from './timing/statistics.ts'
import { startTimedServer, type TimedServer } from './timing/timed-server.ts'

/** A request that names an account. */
interface Question {
  readonly name: string
  readonly path: string
  readonly status: number
  body(address: string): object
}

const WRONG = 'not the password of anybody'

const questions: readonly Question[] = [
  {
    name: 'login',
    path: '/login',
    status: 401,
    body: (identifier) => ({ identifier, password: WRONG }),
  },
  { name: 'forgot', path: '/password/forgot', status: 202, body: (identifier) => ({ identifier }) },
  { name: 'resend', path: '/activate/resend', status: 202, body: (identifier) => ({ identifier }) },
  {
    name: 'change of address',
    path: '/email/change',
    status: 202,
    body: (email) => ({ email, currentPassword: PASSWORD }),
  },
  {
    name: 'register',
    path: '/register',
    status: 202,
    body: (email) => ({ email, password: WRONG }),
  },
]

// S024: what a network hides, and what chance explains once in a hundred times.
const MAX_DIFFERENCE = 2
const MIN_P = 0.01

const HEAD = [
  'request, and about whom',
  'median, ms',
  'to unknown, ms',
  '95 % of it',
  'Mann–Whitney p',
  'verdict',
]

/** Whether the time that an answer takes tells who has an account: requests about every kind of account, in turn. */
export async function timing(effort: Effort): Promise<string> {
  const server = await startTimedServer(effort.samples)
  try {
    const rows: string[][] = []
    for (const question of questions) rows.push(...(await rowsOf(server, question, effort)))
    return table(HEAD, rows)
  } finally {
    server.stop()
  }
}

async function rowsOf(server: TimedServer, question: Question, effort: Effort) {
  const times = await timesOf(server, question, effort)
  const [unknown = []] = times.values()
  return [...times].map(([kind, taken]) => {
    const name = `${question.name}, ${kind}`
    if (kind === 'unknown') return [name, median(taken).toFixed(2), '', '', '', '']
    const { difference, interval, p } = compare(unknown, taken)
    return [
      name,
      median(taken).toFixed(2),
      difference.toFixed(3),
      interval.map((end) => end.toFixed(3)).join(' to '),
      p.toFixed(3),
      verdictOn(difference, p),
    ]
  })
}

/** A busy machine spreads the times so far that nothing can be said. */
function verdictOn(difference: number, p: number): string {
  if (p <= MIN_P) return 'apart'
  return Math.abs(difference) < MAX_DIFFERENCE ? 'alike' : 'too noisy'
}

/** One request after the other, each about another account, of the kinds in an order that is drawn anew. */
async function timesOf(
  server: TimedServer,
  question: Question,
  { samples, timingSeconds }: Effort,
) {
  const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]))
  const warmUp = Math.ceil(samples / 10)
  const end = performance.now() + timingSeconds * 1000
  for (let number = 0; number < samples && performance.now() < end; number += 1) {
    for (const kind of shuffled(kinds)) {
      const address = kind === 'unknown' ? newAddress() : addressOf(kind, number)
      const took = await server.time(question.path, question.body(address), question.status)
      if (number >= warmUp) times.get(kind)?.push(took)
      await settle(server)
    }
  }
  return times
}

/** What an answer did not wait for is done before this one comes: it would delay the next that is timed. */
async function settle(server: TimedServer): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    await server.time('/password/forgot', { identifier: newAddress() }, 202)
  }
}

let addresses = 0

/** As long as those that exist. */
function newAddress(): string {
  addresses += 1
  return addressOf('unknown', addresses)
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}
