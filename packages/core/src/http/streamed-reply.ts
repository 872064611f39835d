import type { Reply } from './request.ts'

/**
 * Makes an answer ready to be sent. A body that is made as it goes out has begun then: what fails before its first bytes
 * can still be refused. What fails later becomes what `failed` makes of it, and the host breaks off. For HEAD, nothing
 * begins.
 */
export async function readyToSend(
  reply: Reply,
  method: string,
  failed: (error: unknown) => Error,
): Promise<Reply> {
  if (typeof reply.body === 'string') return reply
  return { ...reply, body: method === 'HEAD' ? '' : await begin(reply.body, failed) }
}

async function begin(
  body: AsyncIterable<Uint8Array>,
  failed: (error: unknown) => Error,
): Promise<AsyncIterable<Uint8Array>> {
  const source = body[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | null = await source.next()

  const begun: AsyncIterator<Uint8Array> = {
    async next() {
      const next = first ?? (await source.next().catch(fail))
      first = null
      return next
    },
    async return() {
      first = null
      await source.return?.()
      return { done: true, value: undefined }
    },
  }

  function fail(error: unknown): never {
    throw failed(error)
  }

  return { [Symbol.asyncIterator]: () => begun }
}
