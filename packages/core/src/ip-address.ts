import { isIPv4, isIPv6 } from 'node:net'

/**
 * The one form in which addresses are compared: IPv4 as such, however it is written; IPv6 in eight groups without
 * leading zeros. `null` for what is no address (S031).
 */
export function canonicalIp(text: string): string | null {
  if (isIPv4(text)) return text
  const [address = ''] = text.split('%', 1) // what follows is a zone of the machine that saw it
  if (!isIPv6(address)) return null
  const groups = expand(address)
  return mappedIpv4(groups) ?? groups.map((group) => group.toString(16)).join(':')
}

/** Whom an address counts for: itself, but of IPv6 the /64, which is the least that anybody is given (RFC 6177). */
export function networkOf(ip: string): string {
  return ip.includes(':') ? ip.split(':').slice(0, 4).join(':') : ip
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const left = groupsOf(head)
  const right = groupsOf(tail ?? '')
  return tail === undefined
    ? left
    : [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

/** The last two groups may be written as IPv4. */
function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** As a socket for both kinds shows an IPv4 address (RFC 4291, section 2.5.5.2). */
function mappedIpv4(groups: readonly number[]): string | null {
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : null
}
