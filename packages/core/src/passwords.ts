import * as z from 'zod'
import type { Context, Settings } from './context.ts'
import { inputError } from './errors.ts'
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
 * Refuses a new password that is too short, common, or one of the owner's own identifiers (NIST SP 800-63B-4, section
 * 3.1.1.2). There are no composition rules: they make passwords worse.
 */
export async function checkNewPassword(
  ctx: Context,
  pointer: string,
  password: string,
  ownIdentifiers: readonly (string | null | undefined)[],
): Promise<void> {
  const min = ctx.settings.passwordMinLength
  if (codePoints(password) < min) {
    const detail = `Choose at least ${min} characters.`
    throw inputError(pointer, 'password_too_short', detail, 'password_too_short')
  }
  const reason = await reasonToBlock(ctx, foldForBlocking(password), ownIdentifiers)
  if (reason !== null) throw inputError(pointer, 'password_blocked', reason, 'password_blocked')
}

async function reasonToBlock(
  ctx: Context,
  password: string,
  ownIdentifiers: readonly (string | null | undefined)[],
): Promise<string | null> {
  const own = ownIdentifiers
    .map((identifier) => foldForBlocking(identifier ?? ''))
    .flatMap((identifier) => [identifier, identifier.split('@', 1)[0]])
  if (own.includes(password)) return 'Choose a password that is not your own address or name.'
  if (
    password === foldForBlocking(ctx.settings.appName) ||
    ctx.settings.blockedPasswords.has(password)
  ) {
    return 'Choose a password that is less easy to guess here.'
  }
  // Loaded with the first password that somebody sets: most processes that only verify tokens never do.
  const { commonPasswords } = await import('./common-passwords.ts')
  return commonPasswords().has(password)
    ? 'Choose a password that is not among the most common ones.'
    : null
}
