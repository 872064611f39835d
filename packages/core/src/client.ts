import type { Client } from './events.ts'

const MAX_USER_AGENT = 256

/** The client as it may be stored and logged: the name of its software as one line of bounded length (S117). */
export function describeClient({ ip, userAgent }: Partial<Client> = {}): Client {
  return { ip: ip ?? null, userAgent: userAgent == null ? null : oneLine(userAgent) }
}

/** Cut first: what is cut may leave half a character. */
function oneLine(text: string): string {
  return text
    .slice(0, MAX_USER_AGENT)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
}
