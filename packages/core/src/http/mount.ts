import { ConfigurationError } from '../errors.ts'

/**
 * Checks what an adapter was given, before the first request finds out: an auth, and what stands before our paths.
 * Returns the prefix without a slash at its end, `''` for none. Throws `ConfigurationError`.
 */
export function checkMount(where: string, auth: unknown, prefix?: unknown): string {
  if (!isAuth(auth)) {
    throw new ConfigurationError(
      where,
      'auth',
      'must be what createAuth() of @latchkey/core gave you',
    )
  }
  if (prefix === undefined) return ''
  if (typeof prefix === 'string' && /^(?:\/[^/?#\s]+)*\/?$/.test(prefix)) {
    return prefix.replace(/\/$/, '')
  }
  throw new ConfigurationError(where, 'prefix', 'must be a path such as "/auth", or be left out')
}

function isAuth(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'handle' in value && 'guard' in value
}

/** The path below the prefix, without the query; `''`, which is no path of ours, when the target lies elsewhere. */
export function pathBelow(prefix: string, target: string): string {
  const path = withoutOrigin(target).split('?', 1)[0] ?? ''
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : ''
}

/** A target may be a whole URL, which a server has to take (RFC 9112, section 3.2.2). The host in it counts for nothing. */
function withoutOrigin(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, '')
}
