import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on a free port of this machine. */
export interface RunningHost {
  readonly url: string
  close(): Promise<void>
}

/** Serves an Express app, or any other request listener, over real HTTP. */
export async function serve(app: unknown): Promise<RunningHost> {
  // Both versions of Express make request listeners; their types do not say so.
  const server = createServer(app as RequestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
