import { ConfigurationError } from '../errors.ts'
import { checkMount, checkNames, type MountOptions } from './mount.ts'

/** What is answered with a problem, and by which names. */
export interface ProblemOptions {
  /**
   * Whether everything that was thrown is answered, for an application whose own routes answer problems too: what a body
   * parser refused as it would be on our own paths, any other error of http-errors with a status of the client by the
   * code for it, or `invalid_request`, and all others with `internal_error`. What failed goes to `onError`; what was
   * refused goes nowhere, for it may hold the body. Without it, errors that are none of ours are left to the application. @default false
   */
  readonly catchAll?: boolean | undefined
  /**
   * What members are called by the application, where we call them otherwise: `{ '/identifier': '/email' }`. A name with
   * a slash at its end stands for itself and all below it: `{ '/profile/': '/' }`. `''` is the whole body. @default {}
   */
  readonly pointers?: Readonly<Record<string, string>> | undefined
}

/** How an error handler is mounted, and what it answers. */
export interface ErrorHandlerOptions extends MountOptions, ProblemOptions {}

/**
 * Like {@link checkMount}, for an error handler.
 *
 * @param where The function that was called, such as `authErrors`.
 */
export function checkErrorHandler(
  where: string,
  auth: unknown,
  options: ErrorHandlerOptions = {},
): string {
  const prefix = checkMount(where, auth, options, ['catchAll', 'pointers'])
  checkMembers(where, options)
  return prefix
}

/** Throws `ConfigurationError`. */
export function checkProblemOptions(where: string, options: ProblemOptions): void {
  checkNames(where, options, ['path', 'catchAll', 'pointers'])
  checkMembers(where, options)
}

function checkMembers(where: string, { catchAll, pointers = {} }: ProblemOptions): void {
  if (catchAll !== undefined && typeof catchAll !== 'boolean') {
    throw new ConfigurationError(where, 'catchAll', 'must be true or false')
  }
  if (isObject(pointers) && Object.entries(pointers).every(isRenaming)) return
  const advice = 'must be JSON Pointers by JSON Pointers, such as { "/identifier": "/email" }'
  throw new ConfigurationError(where, 'pointers', advice)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Both end with a slash, or neither: else what stands behind would run into the new name, or be lost.
function isRenaming([from, to]: [string, unknown]): boolean {
  const isPointer = typeof to === 'string' && /^\//.test(from) && /^(?:\/|$)/.test(to)
  return isPointer && from.endsWith('/') === to.endsWith('/')
}

/** What the application calls a member: by its own name, or else by the longest beginning that has another. */
export function pointerOf(pointers: Readonly<Record<string, string>>, pointer: string): string {
  if (Object.hasOwn(pointers, pointer)) return pointers[pointer] ?? pointer
  const [from] = Object.keys(pointers)
    .filter((name) => name.endsWith('/') && `${pointer}/`.startsWith(name))
    .toSorted((one, other) => other.length - one.length)
  if (from === undefined) return pointer
  return `${pointers[from]}${`${pointer}/`.slice(from.length)}`.slice(0, -1)
}
