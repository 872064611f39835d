import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A route for those who are logged in, at `/protected`. */
export interface HostedRoute {
  readonly listener: RequestListener
  /** With each of these the route lets a request in: one session, one set of headers. */
  readonly sessions: readonly Readonly<Record<string, string>>[]
  /** Where a POST with such headers ends the session; `null` where nothing ends it. */
  readonly logout: string | null
  /** How often the store was asked so far. */
  readonly queries: () => number
}

/** What a host tells when it listens. */
export interface Introduction extends Pick<HostedRoute, 'sessions' | 'logout'> {
  readonly url: string
}

/** What a host tells when it is asked. A type, not an interface: it passes for a record of figures. */
export type Expense = {
  /** Processor time of all threads so far. */
  readonly cpuMicroseconds: number
  readonly queries: number
}

/** Serves the route in this process, until the parent is gone. */
export function host({ listener, sessions, logout, queries }: HostedRoute): void {
  const server = createServer(listener).listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    const introduction: Introduction = { url: `http://127.0.0.1:${port}`, sessions, logout }
    process.send?.(introduction)
  })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const expense: Expense = { cpuMicroseconds: user + system, queries: queries() }
    process.send?.(expense)
  })
  process.on('disconnect', () => process.exit())
}

/** What the route answers, whoever guards it. */
export const ANSWER = { invoices: [] }
