import { connect, type Socket } from 'node:net'

/** What came back over a raw connection. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  /** Names in lower case. */
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
export function answerOn(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let failure: string | null = null
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message
  })
  return new Promise((resolve) => {
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString(), failure)))
  })
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

/** A request line with headers, ending the connection after the answer. */
export function requestHead(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'Host: app.example', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  )
}

function parseAnswer(text: string, failure: string | null): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end === -1 ? 0 : end).split('\r\n')
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const status = Number(statusLine.split(' ')[1] ?? 0)
  return { status, headers, body: end === -1 ? '' : text.slice(end + 4), failure }
}
