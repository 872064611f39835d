import type { Client, GivenClient } from './events.ts'
import { oneLine } from './one-line.ts'

const MAX_USER_AGENT = 256
// An IPv6 address with a zone; but an application may give what it likes.
const MAX_IP = 64
// An IPv4 address as sockets that take both show it (RFC 4291, section 2.5.5.2).
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** The client as it may be stored and logged: one line each, of bounded length (S117). */
export function describeClient({ ip, userAgent }: GivenClient = {}): Client {
  return {
    ip: ip == null ? null : oneLine(ip, MAX_IP).replace(MAPPED, ''),
    userAgent: userAgent == null ? null : oneLine(userAgent, MAX_USER_AGENT),
  }
}
