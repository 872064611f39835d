import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'

/** A route in a process of its own, ready to be called. */
export interface RouteProcess {
  readonly tokens: readonly string[]
  /** Calls the route with these tokens in turn. Throws when an answer is not 200. */
  load(seconds: number, tokens: readonly string[]): Promise<Load>
  stop(): void
}

/** A type, not an interface: it passes for a record of figures. */
type Load = {
  readonly requestsPerSecond: number
  /** Processor time that the server spends on one request, in all its threads. */
  readonly cpuMicroseconds: number
}

const CONNECTIONS = 32

export async function startRoute(kind: 'bare' | 'guarded'): Promise<RouteProcess> {
  const child = fork(`${import.meta.dirname}/route-server.ts`, [kind], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [{ url, tokens }] = await once(child, 'message')
  let clients = 0
  return {
    tokens,
    async load(seconds, used) {
      const before = await cpuMicroseconds(child)
      const { duration, requests, non2xx, errors } = await autocannon({
        url,
        connections: CONNECTIONS,
        duration: seconds,
        sampleInt: 100, // it ends at a sample
        setupClient(client) {
          client.setRequests(requestsOf(clients, used))
          clients += 1
        },
      })
      if (non2xx + errors > 0) throw new Error(`${kind}: ${non2xx + errors} requests failed`)
      const cpu = (await cpuMicroseconds(child)) - before
      return {
        requestsPerSecond: requests.total / duration,
        cpuMicroseconds: cpu / requests.total,
      }
    },
    stop: () => child.disconnect(),
  }
}

/** Each connection has tokens of its own, or the one that there is. */
function requestsOf(client: number, tokens: readonly string[]): autocannon.Request[] {
  const shares = Math.min(CONNECTIONS, tokens.length)
  return tokens
    .filter((_, index) => index % shares === client % shares)
    .map((token) => ({ headers: { authorization: `Bearer ${token}` } }))
}

async function cpuMicroseconds(child: ChildProcess): Promise<number> {
  child.send('usage')
  const [{ cpuMicroseconds }] = await once(child, 'message')
  return cpuMicroseconds
}
