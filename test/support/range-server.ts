import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { serve } from './running-host.ts'

/** A server that speaks the range protocol of Pwned Passwords. */
export interface RangeServer {
  /** Give this to `breachCheck: { url }`. */
  readonly url: string
  /** What was asked for, each as method, path and the header `Add-Padding`. */
  readonly requests: string[]
  /** From now on it answers so. */
  answer(handler: (request: IncomingMessage, response: ServerResponse) => void): void
}

/** Knows these passwords, each so often. Closed when the test ends. */
export async function rangeServer(known: Readonly<Record<string, number>>): Promise<RangeServer> {
  const requests: string[] = []
  let answer: Parameters<RangeServer['answer']>[0] = (request, response) => {
    const prefix = request.url?.split('/').at(-1) ?? ''
    response.setHeader('content-type', 'text/plain').end(rangeOf(known, prefix))
  }
  const server = await serve((request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url} ${request.headers['add-padding']}`)
    answer(request, response)
  })
  onTestFinished(server.close)
  return {
    url: `${server.url}/range/`,
    requests,
    answer(handler) {
      answer = handler
    },
  }
}

/** In the form of the service: with CRLF, and with padding that counts zero. */
export function rangeOf(known: Readonly<Record<string, number>>, prefix: string): string {
  const entries = Object.entries(known)
    .map(([password, count]) => [digestOf(password), count] as const)
    .filter(([digest]) => digest.startsWith(prefix))
    .map(([digest, count]) => `${digest.slice(5)}:${count}`)
  const padding = Array.from({ length: 800 }, (_, at) => `${digestOf(`${prefix}${at}`).slice(5)}:0`)
  return [...padding, ...entries].sort().join('\r\n')
}

export function digestOf(password: string): string {
  return createHash('sha1').update(password).digest('hex').toUpperCase()
}
