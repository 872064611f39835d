import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'

/** A server in another process, and how long it takes to answer. */
export interface TimedServer {
  /** Of whoever asks for another address. */
  readonly accessToken: string
  /** Sends JSON, and resolves the milliseconds until the answer is there. Throws when it has another status. */
  time(path: string, body: object, expected: number): Promise<number>
  stop(): void
}

/** Starts a server with so many accounts of each kind. */
export async function startTimedServer(accounts: number): Promise<TimedServer> {
  const child = fork(`${import.meta.dirname}/../timing-server.ts`, [String(accounts)], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [{ port, accessToken }] = await once(child, 'message')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    accessToken,
    async time(path, body, expected) {
      const bytes = Buffer.from(JSON.stringify(body))
      const start = performance.now()
      const status = await post({ agent, port, path, accessToken }, bytes)
      const took = performance.now() - start
      if (status !== expected) throw new Error(`${path} answered ${status}`)
      return took
    },
    stop() {
      agent.destroy()
      child.disconnect()
    },
  }
}

interface Target {
  readonly agent: Agent
  readonly port: number
  readonly path: string
  readonly accessToken: string
}

function post(
  { agent, port, path, accessToken }: Target,
  bytes: Buffer,
): Promise<number | undefined> {
  const headers = {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...(path === '/email/change' && { authorization: `Bearer ${accessToken}` }),
  }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path, method: 'POST', headers })
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    sent.end(bytes)
  })
}
