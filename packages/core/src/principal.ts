import type { Client } from './events.ts'
import type { Session, User } from './records.ts'
import { numericDate } from './time.ts'

/** Who makes a request, as its access token says. Every self-service flow takes its subject from here (S088). */
export interface Principal {
  readonly user: {
    readonly id: string
    readonly roles: readonly string[]
  }
  readonly session: {
    readonly id: string
    /** When the user last proved who they are. */
    readonly authTime: Date
    /** How they did, RFC 8176. */
    readonly amr: readonly string[]
  }
  /** Who acts in the user's name (RFC 8693, section 4.1); `null` when the user does. */
  readonly actor: { readonly id: string } | null
}

/** Who holds the session, as an access token for it would say. */
export function principalOf(session: Session, user: User): Principal {
  return {
    user: { id: user.id, roles: [...user.roles] },
    session: {
      id: session.id,
      authTime: new Date(numericDate(session.authTime) * 1000),
      amr: [...session.amr],
    },
    actor: session.actorId === null ? null : { id: session.actorId },
  }
}

/** What an event tells of whoever makes a request: whose account and session it is, and who acts in their name. */
export function traceOf({ user, session, actor }: Principal, client: Client) {
  const by = actor === null ? {} : { actorId: actor.id }
  return { userId: user.id, sessionId: session.id, ...by, client }
}

/** What a flow of the own account was given. Rejects with `TypeError` what is no principal: a slip in the caller's code. */
export function checkPrincipal(where: string, value: Principal): Principal {
  const given: Partial<Principal> | null = Object(value)
  const hasIds = given?.user?.id !== undefined && given.session?.id !== undefined
  if (hasIds && given.actor !== undefined) return value
  throw new TypeError(`${where}: the first argument must be what authenticate() resolved`)
}
