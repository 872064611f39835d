import { connect, type Socket } from 'node:net'

/** What came back over a raw connection. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  /** With the words, such as `HTTP/1.1 200 OK`; empty without an answer. */
  readonly statusLine: string
  /** Names in lower case. What stands there more than once is joined by `, `. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Why the connection failed, such as `ECONNRESET`; `null` when it ended in order. */
  readonly failure: string | null
}

/** Sends bytes as they are, and resolves what comes back once the server ends the connection. */
export function sendRaw(
  url: string,
  ...chunks: readonly (string | Uint8Array)[]
): Promise<RawAnswer> {
  const socket = connectTo(url)
  for (const chunk of chunks) socket.write(chunk)
  return answerOn(socket)
}

/** Opens a connection that the test holds in its hand. */
export function connectTo(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname)
}

/** Resolves what comes back on the connection once it has ended, well or badly. */
export async function answerOn(socket: Socket): Promise<RawAnswer> {
  const { text, failure } = await everythingOn(socket)
  return parseAnswer(text, failure)
}

/**
 * Resolves all the answers that come back on the connection, in their order, once it has ended. Needs the methods of
 * the requests, for an answer to HEAD has no body. Fails when the bytes are no row of answers.
 */
export async function answersOn(
  socket: Socket,
  methods: readonly string[] = [],
): Promise<readonly RawAnswer[]> {
  const { text, failure } = await everythingOn(socket)
  const answers: RawAnswer[] = []
  for (let rest = text; rest !== ''; ) {
    const { body, ...answer } = parseAnswer(rest, failure)
    if (!/^HTTP\/1\.1 \d{3} /.test(answer.statusLine)) throw new Error(`no answer: ${rest}`)
    const isHead = methods[answers.length] === 'HEAD'
    // All bodies of these tests are ASCII: a character is a byte.
    const length = isHead ? 0 : Number(answer.headers.get('content-length') ?? 0)
    answers.push({ ...answer, body: body.slice(0, length) })
    rest = body.slice(length)
  }
  return answers
}

async function everythingOn(socket: Socket) {
  const chunks: Buffer[] = []
  let failure: string | null = null
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message
  })
  await new Promise((resolve) => socket.on('close', resolve))
  return { text: Buffer.concat(chunks).toString(), failure }
}

/** Resolves the head of the first answer on the connection, as soon as it is there, and breaks off. */
export function firstAnswerOn(socket: Socket): Promise<RawAnswer> {
  let text = ''
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      text += chunk
      if (!text.includes('\r\n\r\n')) return
      socket.destroy()
      resolve(parseAnswer(text, null))
    })
  })
}

/** A login as JSON; keeps the connection open. */
export function rawLogin(base: string, identifier: string, password: string): string {
  const body = JSON.stringify({ identifier, password })
  const headers = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]
  return requestHead(`POST ${base}/login`, ...headers).replace('close', 'keep-alive') + body
}

/** A request line with headers, ending the connection after the answer. */
export function requestHead(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'Host: app.example', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  )
}

function parseAnswer(text: string, failure: string | null): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end === -1 ? 0 : end).split('\r\n')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s)
    const before = headers.get(name.toLowerCase())
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`)
  }
  const status = Number(statusLine.split(' ')[1] ?? 0)
  return { status, statusLine, headers, body: end === -1 ? '' : text.slice(end + 4), failure }
}
