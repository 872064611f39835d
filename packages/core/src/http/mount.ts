import { ConfigurationError } from '../errors.ts'
import type { Transport } from '../transport.ts'

/** How an adapter is mounted. */
export interface MountOptions {
  /**
   * What stands before our paths in the target of a request, as the adapter sees it: `/auth`. Nothing by default, for
   * hosts that take the mount point away themselves.
   */
  readonly prefix?: string | undefined
  /** How tokens travel here: see the option `transport` of `createAuth`. @default that option */
  readonly transport?: Transport | undefined
}

const TRANSPORTS: readonly unknown[] = [undefined, 'bearer', 'header', 'cookie']

// As it stands in requests: a parameter or a pattern of some router would match none of them.
const PREFIX = /^(?:\/[A-Za-z0-9._~!$&'+,;=@%-]+)*\/?$/

/**
 * Checks what an adapter was given, before the first request finds out. Returns the prefix without a slash at its end,
 * `''` for none. Throws `ConfigurationError`.
 *
 * @param where The function that was called, such as `authRouter`.
 * @param others The names of options that there are besides.
 */
export function checkMount(
  where: string,
  auth: unknown,
  options: MountOptions = {},
  others: readonly string[] = [],
): string {
  if (!isAuth(auth)) {
    throw new ConfigurationError(
      where,
      'auth',
      'must be what createAuth() of @latchkey/core gave you',
    )
  }
  checkNames(where, options, ['prefix', 'transport', ...others])
  checkMembers(where, options)
  return (options.prefix ?? '').replace(/\/$/, '')
}

/** By hand: an adapter needs no schemas otherwise. */
export function checkNames(where: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError(where, 'options', 'must be an object such as { prefix: "/auth" }')
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new ConfigurationError(where, unknown, 'does not exist: check its spelling')
}

function checkMembers(where: string, options: MountOptions): void {
  const { prefix = '', transport }: { prefix?: unknown; transport?: unknown } = options
  if (!TRANSPORTS.includes(transport)) {
    throw new ConfigurationError(where, 'transport', 'must be "bearer", "header" or "cookie"')
  }
  if (typeof prefix === 'string' && PREFIX.test(prefix)) return
  const advice = 'must be a path as it stands in requests, such as "/auth"'
  throw new ConfigurationError(where, 'prefix', advice)
}

function isAuth(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'handle' in value && 'guard' in value
}

/** The path below the prefix, without the query; `''`, which is no path of ours, when the target lies elsewhere. */
export function pathBelow(prefix: string, target: string): string {
  const path = withoutOrigin(target).split('?', 1)[0] ?? ''
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : ''
}

/** What follows the first `?` of a target. */
export function queryOf(target: string): string {
  const at = target.indexOf('?')
  return at === -1 ? '' : target.slice(at + 1)
}

/** A target may be a whole URL, which a server has to take (RFC 9112, section 3.2.2). The host in it counts for nothing. */
function withoutOrigin(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, '')
}
