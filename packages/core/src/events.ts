import type { Channel, RevocationReason } from './records.ts'

/** Who asks, as far as the transport knows. */
export interface Client {
  /** The address of the socket's peer, or of whom a trusted proxy names (see the option `trustProxy`). */
  readonly ip: string | null
  /** The `User-Agent`, at most 256 characters, free of control characters. */
  readonly userAgent: string | null
}

/** Who asks, as an application tells it: what is left out is not known. */
export interface GivenClient {
  readonly ip?: string | null | undefined
  readonly userAgent?: string | null | undefined
}

interface Subject {
  readonly userId: string
  /** Who did it, where that was somebody else: an administrator, or `null` for the application itself. */
  readonly actorId?: string | null
  readonly client?: Client
}

/** What somebody did with many accounts at once. */
interface Undertaking {
  readonly userId?: undefined
  readonly actorId: string | null
  readonly client?: Client
}

interface SessionSubject extends Subject {
  readonly sessionId: string
}

/** Why a login was refused. For the operator's eyes: the client gets one answer for most of them. */
export type LoginRefusal =
  | 'unknown_identifier'
  | 'wrong_password'
  | 'password_locked'
  | 'no_password'
  | 'not_activated'
  | 'not_active'

/** Why an account was deleted: at once, when the grace was over, or because somebody else proved its address. */
export type DeletionReason = 'by_owner' | 'by_administrator' | 'grace_over' | 'made_way'

/**
 * What happened, in the past tense. A listener cannot veto, and one that throws is reported to `onError` and
 * otherwise not felt. No event holds an address, a password, a token or a code.
 */
export type AuthEvent =
  | ({ readonly type: 'user.created' } & Subject)
  | ({ readonly type: 'user.registered' } & Subject)
  | ({ readonly type: 'user.registration_repeated'; readonly status: string } & Subject)
  | ({ readonly type: 'user.activation_requested' } & Subject)
  /** `channel` says which address was proved: `null` where an administrator opened the account. */
  | ({ readonly type: 'user.activated'; readonly channel: Channel | null } & Subject)
  | ({ readonly type: 'login.failed'; readonly reason: LoginRefusal } & Partial<Subject>)
  /** `per` says of what there was too much: `address`, `account`, … */
  | ({
      readonly type: 'limit.reached'
      readonly rule: string
      readonly per: string
    } & Partial<Subject>)
  /** `methods` says how the user proved who they are (RFC 8176). */
  | ({ readonly type: 'session.started'; readonly methods: readonly string[] } & SessionSubject)
  | ({ readonly type: 'session.refreshed' } & SessionSubject)
  | ({ readonly type: 'session.refresh_recovered' } & SessionSubject)
  | ({ readonly type: 'session.ended'; readonly reason: RevocationReason } & SessionSubject)
  | ({ readonly type: 'session.others_ended' } & SessionSubject)
  | ({ readonly type: 'session.oldest_evicted'; readonly count: number } & Subject)
  | ({ readonly type: 'access.denied'; readonly reason: string } & SessionSubject)
  | ({ readonly type: 'password.changed' } & Subject)
  | ({ readonly type: 'password.reset_requested' } & Subject)
  | ({ readonly type: 'password.reset' } & Subject)
  | ({ readonly type: 'password.hash_unusable' } & Subject)
  | ({ readonly type: 'password.locked' } & Subject)
  | ({ readonly type: 'one_time_code.refused'; readonly purpose: string } & Subject)
  | ({ readonly type: 'reauthentication.failed'; readonly purpose: string } & SessionSubject)
  | ({ readonly type: 'profile.changed'; readonly fields: readonly string[] } & Subject)
  | ({ readonly type: 'username.changed' } & Subject)
  | ({ readonly type: 'email.change_requested' } & Subject)
  | ({ readonly type: 'email.changed' } & Subject)
  | ({ readonly type: 'email.change_undone' } & Subject)
  | ({ readonly type: 'phone.change_requested' } & Subject)
  | ({ readonly type: 'phone.changed' } & Subject)
  | ({ readonly type: 'user.deletion_scheduled' } & Subject)
  | ({ readonly type: 'user.deletion_cancelled' } & Subject)
  | ({ readonly type: 'user.deleted'; readonly reason: DeletionReason } & Subject)
  | ({ readonly type: 'user.invited' } & Subject)
  | ({ readonly type: 'user.updated'; readonly fields: readonly string[] } & Subject)
  | ({
      readonly type: 'user.roles_changed'
      readonly added: readonly string[]
      readonly removed: readonly string[]
    } & Subject)
  | ({ readonly type: 'user.disabled' } & Subject)
  | ({ readonly type: 'user.enabled' } & Subject)
  | ({ readonly type: 'user.sessions_ended' } & Subject)
  | ({ readonly type: 'user.impersonated' } & SessionSubject)
  | ({ readonly type: 'user.change_refused'; readonly reason: string } & Subject)
  | ({
      readonly type: 'users.exported'
      readonly format: string
      readonly count: number
    } & Undertaking)
  | ({
      readonly type: 'users.imported'
      readonly created: number
      readonly updated: number
      readonly refused: number
    } & Undertaking)
  | ({ readonly type: 'users.restored'; readonly count: number } & Undertaking)
  | ({ readonly type: 'sessions.all_ended'; readonly count: number } & Undertaking)

/** The names of all events. */
export type AuthEventType = AuthEvent['type']

/** An event that has happened: with an id, and when. */
export type RecordedEvent = AuthEvent & { readonly id: string; readonly at: Date }

/** Whether an event tells of something that went through or of something that was refused. */
export const outcomes: Record<AuthEventType, 'success' | 'failure'> = {
  'user.created': 'success',
  'user.registered': 'success',
  'user.registration_repeated': 'failure',
  'user.activation_requested': 'success',
  'user.activated': 'success',
  'login.failed': 'failure',
  'limit.reached': 'failure',
  'session.started': 'success',
  'session.refreshed': 'success',
  'session.refresh_recovered': 'success',
  'session.ended': 'success',
  'session.others_ended': 'success',
  'session.oldest_evicted': 'success',
  'access.denied': 'failure',
  'password.changed': 'success',
  'password.reset_requested': 'success',
  'password.reset': 'success',
  'password.hash_unusable': 'failure',
  'password.locked': 'failure',
  'one_time_code.refused': 'failure',
  'reauthentication.failed': 'failure',
  'profile.changed': 'success',
  'username.changed': 'success',
  'email.change_requested': 'success',
  'email.changed': 'success',
  'email.change_undone': 'success',
  'phone.change_requested': 'success',
  'phone.changed': 'success',
  'user.deletion_scheduled': 'success',
  'user.deletion_cancelled': 'success',
  'user.deleted': 'success',
  'user.invited': 'success',
  'user.updated': 'success',
  'user.roles_changed': 'success',
  'user.disabled': 'success',
  'user.enabled': 'success',
  'user.sessions_ended': 'success',
  'user.impersonated': 'success',
  'user.change_refused': 'failure',
  'users.exported': 'success',
  'users.imported': 'success',
  'users.restored': 'success',
  'sessions.all_ended': 'success',
}
