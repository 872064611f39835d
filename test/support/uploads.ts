import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** Sends a body as fast as it is taken, and resolves the answer. */
export async function upload(url: string, accessToken: string, type: string, body: Readable) {
  const sending = httpRequest(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': type },
  })
  body.pipe(sending)
  const [answer] = await once(sending, 'response')
  return { status: answer.statusCode, body: JSON.parse(await text(answer)) }
}

/** The same as {@link rows}, as NDJSON. */
export function* lines(count: number, broken: number, length: number) {
  const profile = { note: 'x'.repeat(length) }
  for (let index = 1; index <= count; index += 1) {
    const email = index === broken ? 'nobody' : `user-${index}@example.com`
    yield `${JSON.stringify({ email, profile })}\n`
  }
}

/** A CSV file of so many rows, one of which is broken, each with a text of that length. */
export function* rows(count: number, broken: number, length = 900) {
  const profile = JSON.stringify({ note: 'x'.repeat(length) }).replaceAll('"', '""')
  yield 'email,profile\r\n'
  for (let index = 1; index <= count; index += 1) {
    yield index === broken
      ? `nobody,"${profile}"\r\n`
      : `user-${index}@example.com,"${profile}"\r\n`
  }
}
