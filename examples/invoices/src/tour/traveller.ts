import { setTimeout } from 'node:timers/promises'

/** What to ask for, and what must be answered. */
interface Stop {
  readonly title: string
  /** Method and path. */
  readonly request: `${'GET' | 'POST' | 'DELETE'} /${string}`
  readonly body?: object
  readonly bearer?: string
  /** The status; for a problem also its code, such as `403 forbidden`. */
  readonly expect: string
  /** Asks again, for a while, until the body is like this: messages are sent after the answer. */
  readonly until?: (body: Answer) => boolean
}

/** The body of an answer. */
export type Answer = Readonly<Record<string, unknown>>

/** Asks for things over HTTP, and tells what was said. */
export interface Traveller {
  /** Throws {@link Detour} when the answer is not what was expected. */
  visit(stop: Stop): Promise<Answer>
  /** Tells what is true of the answers so far; throws {@link Detour} when it is not. */
  check(what: string, isTrue: boolean): void
  /** How many answers were as expected. */
  answers(): number
}

/** An answer was not what was expected. */
export class Detour extends Error {
  override readonly name = 'Detour'
}

/** `hidden` is what must not be printed. */
export function createTraveller(
  url: string,
  print: (text: string) => void,
  hidden: readonly string[],
): Traveller {
  let answers = 0
  return {
    async visit(stop) {
      print(`${stop.title}\n  > ${short(asked(stop), hidden)}`)
      const { status, text, body } = await askUntil(url, stop)
      print(`  < ${short(`${status} ${text}`, hidden)}\n`)
      const answer = 'code' in body ? `${status} ${body.code}` : `${status}`
      if (answer !== stop.expect) throw new Detour(`Expected ${stop.expect}, not ${answer}.`)
      answers += 1
      return body
    },
    check(what, isTrue) {
      if (!isTrue) throw new Detour(`This is not so: ${what}.`)
      print(`  = ${what}\n`)
    },
    answers: () => answers,
  }
}

function asked({ request, body, bearer }: Stop): string {
  const credential = bearer === undefined ? '' : ` (Bearer ${bearer})`
  return `${request}${credential} ${body === undefined ? '' : JSON.stringify(body)}`
}

const MAX_TRIES = 100
const PAUSE_MS = 20

async function askUntil(url: string, stop: Stop) {
  const { until = () => true } = stop
  let answer = await ask(url, stop)
  for (let tries = 1; tries < MAX_TRIES && !until(answer.body); tries += 1) {
    await setTimeout(PAUSE_MS)
    answer = await ask(url, stop)
  }
  return answer
}

async function ask(url: string, { request, body, bearer }: Stop) {
  const [method = '', path = ''] = request.split(' ')
  const response = await fetch(url + path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, body: (text === '' ? {} : JSON.parse(text)) as Answer }
}

const MAX_SHOWN = 200

/** One line of bearable length, without a whole token or id. */
function short(text: string, hidden: readonly string[]): string {
  const shown = hidden
    .filter((secret) => secret !== '')
    .reduce((line, secret) => line.replaceAll(JSON.stringify(secret), '"…"'), text)
    .replace(/[\w.~-]{25,}/g, (token) => `${token.slice(0, 6)}…`)
    .trim()
  return shown.length <= MAX_SHOWN ? shown : `${shown.slice(0, MAX_SHOWN)}…`
}
