/** An origin as it is written in `Origin` (RFC 6454, section 7); `null` for any other spelling, and for what is none. */
export function exactOrigin(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url?.origin === text ? url : null
}

/** Whether nobody on the way can read or change what is sent there: by TLS, or because it stays on this machine. */
export function isSafeOrigin({ protocol, hostname }: URL): boolean {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}
