import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import autocannon from 'autocannon'
import type { Expense, Introduction } from './host.ts'

/** A program that hosts a route, and its argument. */
export interface RouteProgram {
  readonly file: string
  readonly argument?: string
}

/** A route in a process of its own, ready to be called. */
export interface RouteProcess extends Introduction {
  /** Calls the route with so many of the sessions in turn, or with one of them alone. Throws when an answer is not 200. */
  load(seconds: number, sessions: number): Promise<Load>
  stop(): void
}

/** A type, not an interface: it passes for a record of figures. */
export type Load = {
  readonly requestsPerSecond: number
  /** What 99 of 100 clients waited at most, in ms. */
  readonly p99: number
  /** Processor time that the server spends on one request, in all its threads. */
  readonly cpuMicroseconds: number
  /** How often the store was asked for one request. */
  readonly queries: number
}

const CONNECTIONS = 50

export async function startRoute({ file, argument = '' }: RouteProgram): Promise<RouteProcess> {
  const child = fork(file, [argument], { env: { ...process.env, NODE_ENV: 'production' } })
  const introduction = await introductionOf(child, file)
  const { url, sessions } = introduction
  await seeEach(`${url}/protected`, sessions)
  return {
    ...introduction,
    async load(seconds, howMany) {
      const times = createHistogram()
      const before = await expenseOf(child)
      const { duration, requests, non2xx, errors } = await autocannon({
        url: `${url}/protected`,
        connections: CONNECTIONS,
        duration: seconds,
        sampleInt: 100, // it ends at a sample
        setupClient: shareOut(sessions.slice(0, howMany), times),
      })
      if (non2xx + errors > 0) throw new Error(`${file}: ${non2xx + errors} requests failed`)
      const after = await expenseOf(child)
      return {
        requestsPerSecond: requests.total / duration,
        p99: times.percentile(99) / 1000,
        cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / requests.total,
        queries: (after.queries - before.queries) / requests.total,
      }
    },
    stop: () => child.disconnect(),
  }
}

async function introductionOf(child: ChildProcess, file: string): Promise<Introduction> {
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${file} did not start`)
  })
  const [introduction] = await Promise.race([once(child, 'message'), failed])
  return introduction
}

async function expenseOf(child: ChildProcess): Promise<Expense> {
  child.send('expense')
  const [expense] = await once(child, 'message')
  return expense
}

/** Calls the route with each session, so that none of them is new to it later. */
async function seeEach(url: string, sessions: Introduction['sessions']): Promise<void> {
  for (const headers of sessions) {
    const { status } = await fetch(url, { headers })
    if (status !== 200) throw new Error(`${url} answered ${status}`)
  }
}

/** Gives each connection sessions of its own, or the one that there is, and notes how long it waits for each answer. */
function shareOut(sessions: Introduction['sessions'], times: RecordableHistogram) {
  const shares = Math.min(CONNECTIONS, Math.max(1, sessions.length))
  let clients = 0
  return (client: autocannon.Client) => {
    const share = clients % shares
    clients += 1
    const own = sessions.filter((_, index) => index % shares === share)
    if (own.length > 0) client.setRequests(own.map((headers) => ({ headers })))
    client.on('response', (_status, _bytes, milliseconds) => {
      times.record(Math.max(1, Math.round(milliseconds * 1000)))
    })
  }
}
