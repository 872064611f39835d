import type { Context } from '../context.ts'
import { equalInConstantTime, mac } from '../crypto/digest.ts'
import { randomToken } from '../crypto/random.ts'

const FORM = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/**
 * A token that shows that whoever sends it may read what the session is answered. Bound to the session, and another one
 * at each call: compression in front of us cannot be asked what it is.
 */
export function csrfTokenFor({ keys }: Pick<Context, 'keys'>, sessionId: string): string {
  const random = randomToken(16)
  return `${random}.${mac(keys.current.csrf, 'csrf1', sessionId, random)}`
}

/** Whether we made this token for this session, under any of our secrets. */
export function isCsrfTokenOf(
  { keys }: Pick<Context, 'keys'>,
  sessionId: string,
  token: string,
): boolean {
  const [, random, tag] = FORM.exec(token) ?? []
  if (random === undefined || tag === undefined) return false
  return keys.all.some(({ csrf }) =>
    equalInConstantTime(tag, mac(csrf, 'csrf1', sessionId, random)),
  )
}
