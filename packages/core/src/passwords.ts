import * as z from 'zod'
import type { Context, Settings } from './context.ts'
import { type AuthError, inputError } from './errors.ts'
import { once } from './once.ts'

const MAX_CODE_POINTS = 256
const MAX_BYTES = 1024
const TOO_LONG = { code: 'too_long' }

/**
 * A password at any door: prepared as OpaqueString (RFC 8265, section 4.2: other spaces become U+0020, then NFC),
 * nothing trimmed, folded or cut. Control characters and text that is not well-formed are refused, and what is longer
 * than 256 code points or 1024 bytes, all before anything is hashed.
 */
export const passwordSchema = once(
  (): z.ZodType<string, string> =>
    z
      .string()
      .min(1)
      .max(MAX_BYTES)
      .refine((text) => text.isWellFormed(), 'Give well-formed Unicode.')
      .refine((text) => !/\p{Cc}/u.test(text), 'Give no control characters.')
      .transform(prepare)
      .refine((text) => codePoints(text) <= MAX_CODE_POINTS, {
        error: `Give at most ${MAX_CODE_POINTS} characters.`,
        params: TOO_LONG,
      })
      .refine((text) => Buffer.byteLength(text) <= MAX_BYTES, {
        error: `Give at most ${MAX_BYTES} bytes.`,
        params: TOO_LONG,
      }),
)

/** A new password, as far as a schema can tell what is taken: for the description of routes. */
export function newPasswordUnder({ passwordMinLength }: Settings): z.ZodType {
  return z
    .string()
    .min(passwordMinLength)
    .max(MAX_BYTES)
    .meta({
      description: `At most ${MAX_CODE_POINTS} characters and ${MAX_BYTES} bytes. Common ones and the owner's own names are refused.`,
    })
}

function prepare(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC')
}

/** The form in which a password is compared with what is easy to guess: case does not count. */
export function foldForBlocking(text: string): string {
  return prepare(text).toLowerCase()
}

function codePoints(text: string): number {
  return [...text].length
}

/**
 * Refuses a new password that is too short, common, one of the owner's own names, or known from a breach (NIST SP
 * 800-63B-4, section 3.1.1.2). There are no composition rules: they make passwords worse.
 */
export async function checkNewPassword(
  ctx: Context,
  pointer: string,
  password: string,
  names: readonly (string | null | undefined)[],
): Promise<void> {
  const min = ctx.settings.passwordMinLength
  if (codePoints(password) < min) {
    const detail = `Choose at least ${min} characters.`
    throw inputError(pointer, 'password_too_short', detail, 'password_too_short')
  }
  refuseOwnNames(ctx, pointer, password, names)
  const reason = await reasonToBlock(ctx, foldForBlocking(password))
  if (reason !== null) throw blocked(pointer, reason)
  // Last: it asks a service, and what is refused here anyway must not.
  if (await ctx.isBreached(password)) {
    const detail = 'Choose a password that is not known from a data breach.'
    throw inputError(pointer, 'password_breached', detail, 'password_blocked')
  }
}

/** Refuses a new password that is one of the owner's own names: an address, either part of it, a number in any spelling. */
export function refuseOwnNames(
  ctx: Context,
  pointer: string,
  password: string,
  names: readonly (string | null | undefined)[],
): void {
  const own = names.filter((name) => name != null).map(foldForBlocking)
  const guesses = new Set(own.flatMap((name) => [name, ...name.split('@')]))
  const phone = ctx.settings.parsePhone(password)
  if (guesses.has(foldForBlocking(password)) || (phone !== null && guesses.has(phone))) {
    throw blocked(pointer, 'Choose a password that is not your own address or name.')
  }
}

function blocked(pointer: string, detail: string): AuthError {
  return inputError(pointer, 'password_blocked', detail, 'password_blocked')
}

async function reasonToBlock({ settings }: Context, password: string): Promise<string | null> {
  const product = [settings.appName, settings.origin, new URL(settings.origin).host]
  if (product.map(foldForBlocking).includes(password) || settings.blockedPasswords.has(password)) {
    return 'Choose a password that is less easy to guess here.'
  }
  // Loaded with the first password that somebody sets: most processes that only verify tokens never do.
  const { commonPasswords } = await import('./common-passwords.ts')
  return commonPasswords().has(password)
    ? 'Choose a password that is not among the most common ones.'
    : null
}
