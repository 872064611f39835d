import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Auth, createAuth } from '@latchkey/core'
import { createOutbox } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { welcomeAdministrator } from './administrator.ts'
import type { Application } from './application.ts'
import type { Settings } from './settings.ts'

/** The demo, up and listening. */
export interface RunningDemo {
  readonly url: string
  /** Answers what is under way, then lets go of everything. */
  close(): Promise<void>
}

/**
 * Starts the demo on `localhost`; port 0 means any free one. Throws what listening throws, and what `sqlStore`,
 * `createAuth` and `createUser` do.
 */
export async function startDemo(app: Application, settings: Settings): Promise<RunningDemo> {
  const server = createServer()
  const url = await listen(server, settings.port)
  try {
    const closeAuth = await serveInvoices(app, server, url, settings)
    return { url, close: () => closeServer(server).then(closeAuth) }
  } catch (error) {
    await closeServer(server)
    throw error
  }
}

/** For this machine only: `GET /outbox` shows everybody's links. */
async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo // a string for pipes only
  return `http://localhost:${address.port}`
}

async function serveInvoices(
  app: Application,
  server: Server,
  origin: string,
  { secret, adminPassword, databaseUrl }: Settings,
): Promise<() => Promise<void>> {
  const store = sqlStore({ url: databaseUrl })
  const close = async (auth?: Auth) => {
    await auth?.close()
    await store.close()
  }
  try {
    await store.migrate() // with many processes, rather a step of the deployment: npx latchkey migrate
    const outbox = createOutbox()
    const auth = createAuth({
      secret,
      store,
      origin,
      appName: 'Invoices',
      mailer: outbox.send, // a real application sends an e-mail here
    })
    await welcomeAdministrator(auth, outbox, adminPassword)
    server.on('request', app.createApp({ auth, outbox }))
    return () => close(auth)
  } catch (error) {
    await close()
    throw error
  }
}

// For what is under way. Browsers also keep connections in store that never saw a request: nobody waits for those.
const GRACE_MS = 500

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearTimeout(impatience)
}
