import type { Client } from '../events.ts'
import type { PlainRequest } from './request.ts'

const MAX_USER_AGENT = 256

/** What the request says of who makes it. */
export function clientOf(request: PlainRequest): Client {
  const [userAgent] = request.headers('user-agent')
  return { ip: request.ip, userAgent: userAgent === undefined ? null : oneLine(userAgent) }
}

/** What a log cannot be forged or flooded with (S117). */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .slice(0, MAX_USER_AGENT)
}
