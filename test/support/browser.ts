import type { Answer, HttpClient } from './http-client.ts'
import { ORIGIN } from './setup.ts'

/** A cookie as a `Set-Cookie` line describes it. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** Names in lower case; those without a value have `''`. */
  readonly attributes: Readonly<Record<string, string>>
}

/** A page of our origin: keeps cookies, and says what browsers say of their requests. */
export interface Browser {
  readonly cookies: Map<string, string>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** With the CSRF token of the cookie, unless the headers say otherwise; `''` leaves a header out. */
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  send(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer>
  /** Takes the cookies of an answer, as they come or later. */
  take(answer: Answer): void
}

/** A page of ours in a browser of its own. Takes no cookies by itself where `takes` says so. */
export function browser(client: HttpClient, { takes = true } = {}): Browser {
  const cookies = new Map<string, string>()
  const take: Browser['take'] = (answer) => {
    for (const { name, value, attributes } of setCookiesOf(answer)) {
      if (attributes['max-age'] === '0') cookies.delete(name)
      else cookies.set(name, value)
    }
  }
  const send: Browser['send'] = async (method, path, headers = {}, body) => {
    const all = Object.entries({ ...ownHeaders(cookies, method), ...headers })
    const answer = await client.send(method, path, {
      headers: Object.fromEntries(all.filter(([, value]) => value !== '')),
      ...(body !== undefined && { body }),
    })
    if (takes) take(answer)
    return answer
  }
  return {
    cookies,
    take,
    send,
    get: (path, headers) => send('GET', path, headers),
    post: (path, body, headers) =>
      body === undefined
        ? send('POST', path, headers)
        : send(
            'POST',
            path,
            { 'content-type': 'application/json', ...headers },
            JSON.stringify(body),
          ),
  }
}

function ownHeaders(cookies: ReadonlyMap<string, string>, method: string) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const isUnsafe = !['GET', 'HEAD'].includes(method)
  return {
    cookie,
    'sec-fetch-site': 'same-origin',
    ...(isUnsafe && { origin: ORIGIN, 'x-csrf-token': cookies.get('__Host-csrf') ?? '' }),
  }
}

/** The cookies that an answer sets, in their order. */
export function setCookiesOf({ headers }: Answer): readonly SetCookie[] {
  return headers.getSetCookie().map((line) => {
    const [pair = '', ...rest] = line.split('; ')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const attributes = rest.map((one) => one.split('='))
    return {
      name,
      value,
      attributes: Object.fromEntries(
        attributes.map(([key = '', of = '']) => [key.toLowerCase(), of]),
      ),
    }
  })
}
