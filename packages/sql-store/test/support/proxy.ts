import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a store and its server. */
export interface Proxy {
  /** The URL of the server, by way of the proxy. */
  readonly url: string
  /** Keeps what the client sends next from the server, and resolves when it has been sent. */
  swallow(): Promise<void>
  /** Resets all connections, as a network does that breaks. */
  reset(): void
  close(): Promise<void>
}

/** Passes on what comes to the port, which is any without a number. */
export async function proxyTo(url: string, port = 0): Promise<Proxy> {
  const { hostname, port: serverPort } = new URL(url)
  const sockets = new Set<Socket>()
  let swallowed: (() => void) | null = null
  const server = createServer((client) => {
    const upstream = connect(Number(serverPort), hostname)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => {
        if (from === client && swallowed !== null) swallowed()
        else to.write(chunk)
      })
      from.on('error', () => {})
      from.once('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    url: at(url, (server.address() as AddressInfo).port),
    swallow: () =>
      new Promise((resolve) => {
        swallowed = resolve
      }),
    reset() {
      swallowed = null
      reset()
    },
    close() {
      reset()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** The URL with another port. */
export function at(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}
