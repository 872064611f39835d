import { AuthError } from '../errors.ts'
import type { PlainRequest } from './request.ts'

/** Bytes. Ours need a few hundred (S096). */
const MAX_BODY = 16 * 1024

const JSON_TYPE = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i
const FORM_TYPE = /^application\/x-www-form-urlencoded(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i

/**
 * Reads the one JSON object of the body. An empty body is an empty object: some hosts cannot tell them apart. Only
 * `application/json` is taken, which no HTML form can send (S073), and nothing compressed.
 */
export function readJson(request: PlainRequest): Promise<object> {
  return read(request, JSON_TYPE, parseJson)
}

/** Reads the body as JSON or as a form, for what RFC 7009 wants as a form. A member that stands twice is refused. */
export function readJsonOrForm(request: PlainRequest): Promise<object> {
  const isForm = FORM_TYPE.test(request.header('content-type') ?? '')
  return isForm ? read(request, FORM_TYPE, parseForm) : readJson(request)
}

/** Whether there is nothing in the body. It cannot be read afterwards. */
export async function isEmpty({ body }: PlainRequest): Promise<boolean> {
  if (body === null) return true
  if (body.kind === 'parsed') return Object.keys(Object(body.value)).length === 0
  return (await collect(body.chunks)).length === 0
}

async function read(
  request: PlainRequest,
  type: RegExp,
  parse: (text: string) => unknown,
): Promise<object> {
  checkHeaders(request, type)
  const value = await readBody(request, parse)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AuthError('invalid_request')
  }
  // A parser of the host's makes a list of what stands twice in a form.
  if (type === FORM_TYPE && Object.values(value).some(Array.isArray)) {
    throw new AuthError('invalid_request')
  }
  return value
}

function checkHeaders(request: PlainRequest, type: RegExp): void {
  const encoding = request.header('content-encoding') ?? 'identity'
  if (!type.test(request.header('content-type') ?? '') || encoding !== 'identity') {
    throw new AuthError('unsupported_media_type')
  }
  const length = Number(request.header('content-length') ?? 0)
  if (length > MAX_BODY) throw new AuthError('payload_too_large')
}

async function readBody(request: PlainRequest, parse: (text: string) => unknown): Promise<unknown> {
  const { body } = request
  if (body === null) return {}
  if (body.kind === 'parsed') return checkParsed(body.value)
  const bytes = await collect(body.chunks)
  if (bytes.length === 0 && Number(request.header('content-length') ?? 0) > 0) throw lost()
  return parse(decode(bytes))
}

/** Of a body that the host has read: the client gets a refusal, whoever runs the application the reason. */
export function lost(): AuthError {
  const advice = 'mount the router before what reads bodies'
  const cause = new Error(`the host has read the body and left nothing of it: ${advice}`)
  Object.assign(cause, { code: 'body_already_read' }) // what is printed where nobody listens
  return new AuthError('invalid_request', { cause })
}

/** The host may allow more than we do. */
function checkParsed(value: unknown): unknown {
  if (value === undefined) throw lost()
  if (sizeOf(value) > MAX_BODY) throw new AuthError('payload_too_large')
  return value
}

function sizeOf(value: unknown): number {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length
  } catch {
    throw new AuthError('invalid_request') // nested too deeply
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of chunks) {
      length += chunk.length
      if (length > MAX_BODY) break
      read.push(chunk)
    }
  } catch {
    throw new AuthError('invalid_request') // the client broke off
  }
  if (length > MAX_BODY) throw new AuthError('payload_too_large')
  return join(read, length)
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first, ...more] = chunks
  if (first !== undefined && more.length === 0) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AuthError('invalid_request')
  }
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new AuthError('invalid_request')
  }
}

function parseForm(text: string): unknown {
  const members = [...new URLSearchParams(text)]
  const form = Object.fromEntries(members)
  if (Object.keys(form).length !== members.length) throw new AuthError('invalid_request')
  return form
}
