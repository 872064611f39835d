import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { PASSWORD } from '../accounts.ts'

const ACCOUNTS = 100

/** What clients were answered. */
export interface Answers {
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  /** How many answers of 429 and 503 had no `Retry-After`. */
  readonly withoutRetryAfter: number
  /** The time that 99 of 100 answers took at most, in milliseconds. */
  readonly p99: number
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** So many clients log in again and again for so long. Who is told to come back later does. Every tenth password is wrong. */
export function logInAgainAndAgain(url: string, clients: number, seconds: number) {
  let attempts = 0
  return keepAsking(clients, seconds, (agent) => {
    attempts += 1
    const identifier = `user-${attempts % ACCOUNTS}@example.com`
    const password = attempts % 10 === 0 ? 'a wrong password' : PASSWORD
    const body = JSON.stringify({ identifier, password })
    return ask(agent, 'POST', `${url}/auth/login`, { 'content-type': 'application/json' }, body)
  })
}

/** So many clients use the protected route for so long, each so often a second. */
export function useRoute(
  { url, tokens }: { readonly url: string; readonly tokens: readonly string[] },
  clients: number,
  seconds: number,
  perSecond: number,
) {
  let calls = 0
  const call = (agent: Agent) => {
    calls += 1
    const headers = { authorization: `Bearer ${tokens[calls % tokens.length]}` }
    return ask(agent, 'GET', `${url}/protected`, headers, '')
  }
  return keepAsking(clients, seconds, call, 1000 / perSecond)
}

async function keepAsking(
  clients: number,
  seconds: number,
  call: (agent: Agent) => Promise<Answer>,
  everyMs = 0,
): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const statuses: Record<string, number> = {}
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  const pause = (ms: number) => sleep(Math.max(0, Math.min(ms, end - performance.now())))
  let withoutRetryAfter = 0

  async function client(_: unknown, index: number): Promise<void> {
    await pause((everyMs * index) / clients)
    while (performance.now() < end) {
      const start = performance.now()
      const { status, retryAfter } = await call(agent)
      const time = performance.now() - start
      times.push(time)
      statuses[status] = (statuses[status] ?? 0) + 1
      const isRefused = status === 429 || status === 503
      if (isRefused && retryAfter === undefined) withoutRetryAfter += 1
      // Within a second after the moment that they were told: a crowd does not come back in step.
      const later = (Number(retryAfter ?? 1) + Math.random()) * 1000
      await pause(isRefused ? later : everyMs - time)
    }
  }

  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
  return { statuses, withoutRetryAfter, p99 }
}

function ask(
  agent: Agent,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (response) => {
      response.resume().on('end', () => {
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, retryAfter: headers['retry-after'] })
      })
    })
    sent.on('error', reject).end(body)
  })
}
