import { connect, type Socket } from 'node:net'

/** What came back over a connection. */
export interface WireAnswer {
  readonly status: number
  /** Names in lower case; what stands more than once, as one. */
  readonly headers: Readonly<Record<string, string>>
  /** The lines of `Set-Cookie`, which cannot be one. */
  readonly setCookies: readonly string[]
  readonly body: string
}

/** A request, line by line, so that nothing corrects it. */
export interface WireRequest {
  readonly method?: string
  /** As it is to stand in the request line. */
  readonly target: string
  /** Whole lines, beside `Host` and `Connection`. */
  readonly headers?: readonly string[]
  /** Sent as it is. A `Content-Length` goes with it unless the headers speak of chunks. */
  readonly body?: string | Uint8Array
}

/** Sends a request, and resolves the answer once the server has ended the connection. */
export function exchange(url: string, request: WireRequest): Promise<WireAnswer> {
  const socket = openConnection(url)
  socket.write(bytesOf(request))
  return answerOn(socket)
}

/** A connection that a case holds in its hand. */
export function openConnection(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''))
}

/** The request as it goes over the wire. The server ends the connection after its answer. */
export function bytesOf({ method = 'GET', target, headers = [], body }: WireRequest): Uint8Array {
  const content = Buffer.from(body ?? '')
  const chunked = headers.some((line) => /^transfer-encoding:/i.test(line))
  const measured = headers.some((line) => /^content-length:/i.test(line))
  const length =
    body === undefined || chunked || measured ? [] : [`Content-Length: ${content.length}`]
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: app.example', 'Connection: close']
  return Buffer.concat([
    Buffer.from([...lines, ...headers, ...length, '', ''].join('\r\n')),
    content,
  ])
}

/** Resolves the first answer on the connection, once that has ended. Rejects when there was none. */
export function answerOn(socket: Socket): Promise<WireAnswer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  return new Promise((resolve, reject) => {
    socket.on('error', () => {}) // what has come until then may be a whole answer
    socket.on('close', () => {
      const answer = parse(Buffer.concat(chunks))
      if (answer === null) reject(new Error('the connection ended without an answer'))
      else resolve(answer)
    })
  })
}

function parse(bytes: Buffer): WireAnswer | null {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine) ?? []
  if (end === -1 || status === undefined) return null
  const headers = headersOf(lines)
  const rest = bytes.subarray(end + 4)
  const body = headers['transfer-encoding'] === 'chunked' ? unchunked(rest) : rest
  const setCookies = lines.flatMap((line) => /^set-cookie:\s*(.*)$/i.exec(line)?.[1] ?? [])
  return { status: Number(status), headers, setCookies, body: body.toString() }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

function unchunked(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n')
  const size = end === -1 ? 0 : Number.parseInt(bytes.subarray(0, end).toString(), 16)
  if (!size) return Buffer.alloc(0)
  const from = end + 2
  return Buffer.concat([
    bytes.subarray(from, from + size),
    unchunked(bytes.subarray(from + size + 2)),
  ])
}
