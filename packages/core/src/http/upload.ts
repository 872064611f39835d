import { AuthError } from '../errors.ts'
import type { TransferFormat } from '../transfer/formats.ts'
import { lost } from './body.ts'
import type { PlainRequest, RequestBody } from './request.ts'

/** A body that is read while it comes, however long it is. */
export interface Upload {
  readonly format: TransferFormat
  readonly chunks: AsyncIterable<Uint8Array>
  /** Takes what is still to come, and keeps none of it: an answer may not reach a client that is sending. */
  drain(): Promise<void>
}

/** The media types of the formats, in the order in which they are named to clients. */
export const mediaTypes: Readonly<Record<TransferFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
}

const patterns: readonly (readonly [TransferFormat, RegExp])[] = [
  ['csv', /^text\/csv(?:\s*;\s*(?:charset\s*=\s*"?utf-8"?|header\s*=\s*present))*\s*$/i],
  ['ndjson', /^application\/x-ndjson(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*$/i],
]

/**
 * Begins to read a body as a stream, by its type. Takes nothing compressed (S096): what it would become has no bound.
 * Throws `unsupported_media_type`, and `invalid_request` for a body that the host has read and left nothing of.
 */
export function openUpload(request: PlainRequest): Upload {
  const type = request.header('content-type') ?? ''
  const [format] = patterns.find(([, pattern]) => pattern.test(type)) ?? []
  const encoding = request.header('content-encoding') ?? 'identity'
  if (format === undefined || encoding !== 'identity') {
    throw new AuthError('unsupported_media_type')
  }
  const source = chunksOf(request.body)[Symbol.asyncIterator]()
  // Leaving off early closes nothing: see `drain`.
  const reader = { next: () => source.next().catch(brokenOff) }
  return {
    format,
    chunks: { [Symbol.asyncIterator]: () => reader },
    async drain() {
      for (let done: boolean | undefined = false; done !== true; ) ({ done } = await reader.next())
    },
  }
}

/** What the client sent cannot be told apart from what it meant to. */
function brokenOff(): never {
  throw new AuthError('invalid_request')
}

/** A parser of the host's may have left a text, where the body was small. */
function chunksOf(body: RequestBody | null): AsyncIterable<Uint8Array> {
  if (body === null) return sequence()
  if (body.kind === 'unread') return body.chunks
  const { value } = body
  if (typeof value === 'string') return sequence(new TextEncoder().encode(value))
  if (value instanceof Uint8Array) return sequence(value)
  throw lost()
}

async function* sequence(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
