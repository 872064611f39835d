/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; `undefined` when it is empty. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

/** A client for one server. A body that is not a string is sent as JSON. */
export interface HttpClient {
  readonly url: string
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
  get(path: string, bearer?: string): Promise<Answer>
  post(path: string, body?: unknown, bearer?: string): Promise<Answer>
  /** Like `post`, by any method. */
  json(method: string, path: string, body: unknown, bearer?: string): Promise<Answer>
  delete(path: string, bearer?: string): Promise<Answer>
}

interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export function httpClient(url: string): HttpClient {
  async function send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    const response = await fetch(url + path, { method, redirect: 'manual', ...options })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    const body = isJson && text !== '' ? JSON.parse(text) : undefined
    return { status: response.status, headers: response.headers, text, body }
  }
  const authorization = (bearer?: string) =>
    bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }

  const json: HttpClient['json'] = (method, path, body, bearer) =>
    send(method, path, {
      headers: { 'content-type': 'application/json', ...authorization(bearer) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  return {
    url,
    send,
    json,
    get: (path, bearer) => send('GET', path, { headers: authorization(bearer) }),
    delete: (path, bearer) => send('DELETE', path, { headers: authorization(bearer) }),
    post: (path, body, bearer) =>
      body === undefined
        ? send('POST', path, { headers: authorization(bearer) })
        : json('POST', path, body, bearer),
  }
}
