import type { Context, DerivedKeys } from '../context.ts'
import { equalInConstantTime, mac } from '../crypto/digest.ts'
import type { Session } from '../records.ts'

/** What a refresh token says of itself. True only once {@link isAuthentic}. */
export interface PresentedRefreshToken {
  readonly keyId: string
  readonly sessionId: string
  readonly generation: number
  readonly mac: string
}

const FORM =
  /^lk1\.([A-Za-z0-9_-]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,8})\.([A-Za-z0-9_-]{43})$/

/**
 * The refresh token of the session's current generation. It is derived, not stored: the same generation always gives
 * the same token, and a copy of the database gives none.
 */
export function refreshTokenOf(ctx: Context, session: Session): string {
  const { current } = ctx.keys
  const { id, generation } = session
  return `lk1.${current.id}.${id}.${generation}.${tag(current, session, generation)}`
}

/** Takes a refresh token apart; `null` when it does not have the form of one. */
export function parseRefreshToken(token: string): PresentedRefreshToken | null {
  const [, keyId, sessionId, generation, tag] = FORM.exec(token) ?? []
  if (keyId === undefined || sessionId === undefined || tag === undefined) return null
  return { keyId, sessionId, generation: Number(generation), mac: tag }
}

/** Whether we made this token for this session. */
export function isAuthentic(
  ctx: Context,
  presented: PresentedRefreshToken,
  session: Session,
): boolean {
  const keys = ctx.keys.all.find((candidate) => candidate.id === presented.keyId)
  if (keys === undefined || presented.generation > session.generation) return false
  return equalInConstantTime(presented.mac, tag(keys, session, presented.generation))
}

function tag(keys: DerivedKeys, session: Session, generation: number): string {
  return mac(keys.refresh, 'lk1', session.id, generation.toString(), session.salt)
}
