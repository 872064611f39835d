import { fork } from 'node:child_process'
import { once } from 'node:events'

/** What the server is told to do. */
export interface Order {
  readonly kind: 'watch' | 'report' | 'hashAlone' | 'loginAlone'
  readonly seconds: number
  readonly inParallel: number
}

/** What the server saw of itself since it was told to watch: milliseconds, and MiB. */
export interface Watched {
  readonly delayP99: number
  readonly delayMax: number
  readonly memoryGrowth: number
}

/** A type, not an interface: it passes for a record of figures. */
type Rate = { readonly perSecond: number }

/** A server with a hundred accounts, in a process of its own. */
export interface StormServer {
  readonly url: string
  readonly tokens: readonly string[]
  watch(): Promise<unknown>
  report(): Promise<Watched>
  /** How many hashes a second the process makes that has nothing else to do. */
  hashAlone(seconds: number, inParallel: number): Promise<Rate>
  /** How many logins a second it does, without HTTP. */
  loginAlone(seconds: number, inParallel: number): Promise<Rate>
  stop(): void
}

export async function startStormServer(): Promise<StormServer> {
  const child = fork(`${import.meta.dirname}/server.ts`, [], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [{ url, tokens }] = await once(child, 'message')
  const ask = async (order: Order) => {
    child.send(order)
    const [answer] = await once(child, 'message')
    return answer
  }
  return {
    url,
    tokens,
    watch: () => ask({ kind: 'watch', seconds: 0, inParallel: 0 }),
    report: () => ask({ kind: 'report', seconds: 0, inParallel: 0 }),
    hashAlone: (seconds, inParallel) => ask({ kind: 'hashAlone', seconds, inParallel }),
    loginAlone: (seconds, inParallel) => ask({ kind: 'loginAlone', seconds, inParallel }),
    stop: () => child.disconnect(),
  }
}
