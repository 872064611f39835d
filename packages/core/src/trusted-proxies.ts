import { BlockList } from 'node:net'
import * as z from 'zod'
import type { Settings } from './context.ts'
import { canonicalIp } from './ip-address.ts'

/** See the option `trustProxy`. */
export type TrustProxyOption = false | number | readonly string[]

const MAX_HOPS = 10
const ADVICE =
  'must be false, the number of proxies (1 to 10), or the list of their addresses, such as ["10.0.0.0/8"]'
const RANGE_ADVICE = 'must be an address or a range of addresses, such as "10.0.0.0/8"'

/** The schema of the option `trustProxy`. `true` is not taken: it would let every client choose its address. */
export function trustProxySchema() {
  return z
    .union(
      [
        z.literal(false),
        z.int(ADVICE).min(1, ADVICE).max(MAX_HOPS, ADVICE),
        z
          .array(z.string(RANGE_ADVICE).refine((text) => rangeOf(text) !== null, RANGE_ADVICE))
          .min(1, ADVICE),
      ],
      ADVICE,
    )
    .default(false)
}

/**
 * How to find the address of a client: that of the socket's peer, unless that is a trusted proxy, which says in
 * `X-Forwarded-For` whom it serves. The list is read from its end, where the proxies write, and no further than they
 * are trusted: what stands before was sent by the client (S030).
 */
export function clientAddressBy(trusted: TrustProxyOption): Settings['clientAddress'] {
  if (trusted === false) return (peer) => peer
  const isProxy = typeof trusted === 'number' ? firstHops(trusted) : withinRanges(trusted)
  return (peer, forwardedFor) => {
    let address = peer
    const entries = forwardedFor?.split(',') ?? []
    for (let hop = 0; isProxy(address, hop); hop += 1) {
      const next = addressIn(entries.pop() ?? '')
      // The proxy did not say, or not in any form that we know: it is the last of whom we know anything.
      if (next === null) return address
      address = next
    }
    return address
  }
}

type IsProxy = (address: string | null, hop: number) => boolean

function firstHops(count: number): IsProxy {
  return (_address, hop) => hop < count
}

function withinRanges(ranges: readonly string[]): IsProxy {
  const list = new BlockList()
  for (const range of ranges.map(rangeOf)) {
    if (range !== null) list.addSubnet(range.address, range.prefix, range.family)
  }
  return (address) => {
    const ip = address && canonicalIp(address)
    return ip !== null && list.check(ip, familyOf(ip))
  }
}

function rangeOf(text: string) {
  const [address = '', length] = text.split('/')
  const ip = canonicalIp(address)
  // A zone means something to one machine alone.
  if (ip === null || /%|\/.*\//.test(text)) return null
  const family = familyOf(ip)
  const longest = family === 'ipv4' ? 32 : 128
  const prefix = length === undefined ? longest : Number(length)
  const isLength = length === undefined || /^\d{1,3}$/.test(length)
  return isLength && prefix <= longest ? { address: ip, prefix, family } : null
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return ip.includes(':') ? 'ipv6' : 'ipv4'
}

// Some proxies write the port too: 192.0.2.7:4711, [2001:db8::1]:4711.
const WITH_PORT = /^(?:\[(?<inBrackets>[^\]]+)\]|(?<plain>[\d.]+))(?::\d{1,5})?$/

function addressIn(entry: string): string | null {
  const text = entry.trim()
  const { inBrackets, plain } = WITH_PORT.exec(text)?.groups ?? {}
  return canonicalIp(inBrackets ?? plain ?? text)
}
