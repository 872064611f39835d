import { Agent, type IncomingMessage, request as send } from 'node:http'
import type { WireRequest } from './requests.ts'

/** What came back; `status` 0 when the connection ended without an answer. */
export interface WireAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A client that sends what no well-behaved one would, over connections that it keeps. */
export interface WireClient {
  send(request: WireRequest): Promise<WireAnswer>
  close(): void
}

const NOTHING: WireAnswer = { status: 0, headers: {}, text: '' }

/** A client of that server. */
export function wireClient(url: string): WireClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  return {
    close: () => agent.destroy(),
    async send(request) {
      const answer = await exchange(agent, url, request)
      // The server may have ended a connection that nobody used, just when it was to be used again.
      return answer ?? (await exchange(agent, url, request)) ?? NOTHING
    },
  }
}

/** Resolves `null` when a connection that was kept ended without an answer. */
function exchange(
  agent: Agent,
  url: string,
  { method, target, headers, body }: WireRequest,
): Promise<WireAnswer | null> {
  const { hostname, port } = new URL(url)
  const length = body === null ? [] : ['content-length', String(body.length)]
  const raw = ['host', 'app.example', ...headers.flat(), ...length]
  return new Promise((resolve) => {
    const options = { agent, hostname, port, method, path: target, headers: raw }
    const request = send(options, (response) => {
      readWhole(response).then(resolve, () => resolve(NOTHING))
    })
    request.on('error', () => resolve(request.reusedSocket ? null : NOTHING))
    request.end(body ?? undefined)
  })
}

async function readWhole(response: IncomingMessage): Promise<WireAnswer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const { statusCode: status = 0, headers } = response
  return { status, headers, text: Buffer.concat(chunks).toString() }
}
