import { AuthError } from '../errors.ts'
import type { PlainRequest } from './request.ts'

/** Bytes. Ours need a few hundred (S096). */
const MAX_BODY = 16 * 1024

const JSON_TYPE = /^application\/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i
const FORM_TYPE = /^application\/x-www-form-urlencoded(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i

/** Whether the request says that it has a body. */
export function hasBody(request: PlainRequest): boolean {
  const [length = '0'] = request.headers('content-length')
  return request.headers('transfer-encoding').length > 0 || length !== '0'
}

/**
 * Reads the one JSON object of the body. An empty body is an empty object: some hosts cannot tell them apart. Only
 * `application/json` is taken, which no HTML form can send (S073), and nothing compressed.
 */
export function readJson(request: PlainRequest): Promise<object> {
  return read(request, JSON_TYPE, parseJson)
}

/** Reads the body as JSON or as a form, for what RFC 7009 wants as a form. A member that stands twice is refused. */
export function readJsonOrForm(request: PlainRequest): Promise<object> {
  const isForm = FORM_TYPE.test(request.headers('content-type')[0] ?? '')
  return isForm ? read(request, FORM_TYPE, parseForm) : readJson(request)
}

async function read(
  request: PlainRequest,
  type: RegExp,
  parse: (text: string) => unknown,
): Promise<object> {
  checkHeaders(request, type)
  const { body } = request
  const value =
    body.kind === 'parsed' ? checkParsed(body.value) : parse(decode(await collect(body.chunks)))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AuthError('invalid_request')
  }
  return value
}

function checkHeaders(request: PlainRequest, type: RegExp): void {
  const types = request.headers('content-type')
  const encodings = request.headers('content-encoding')
  if (types.length > 1) throw new AuthError('invalid_request')
  if (!type.test(types[0] ?? '') || encodings.some((encoding) => encoding !== 'identity')) {
    throw new AuthError('unsupported_media_type')
  }
  const [length = '0'] = request.headers('content-length')
  if (Number(length) > MAX_BODY) throw new AuthError('payload_too_large')
}

/** The host may allow more than we do. */
function checkParsed(value: unknown): unknown {
  if (value === undefined) return {}
  if (sizeOf(value) > MAX_BODY) throw new AuthError('payload_too_large')
  return value
}

function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '')
  } catch {
    throw new AuthError('invalid_request') // nested too deeply
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
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
  return Buffer.concat(read, length)
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
