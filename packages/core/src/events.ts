import type { RevocationReason } from './records.ts'

/** Who asks, as far as the transport knows. */
export interface Client {
  /** The address of the socket's peer. */
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
  readonly client?: Client
}

interface SessionSubject extends Subject {
  readonly sessionId: string
}

/** Why a login was refused. For the operator's eyes: the client gets one answer for most of them. */
export type LoginRefusal =
  | 'unknown_identifier'
  | 'wrong_password'
  | 'no_password'
  | 'not_activated'
  | 'not_active'

/**
 * What happened, in the past tense. A listener cannot veto, and one that throws is reported to `onError` and
 * otherwise not felt. No event holds an address, a password, a token or a code.
 */
export type AuthEvent =
  | ({ readonly type: 'user.created' } & Subject)
  | ({ readonly type: 'user.registered' } & Subject)
  | ({ readonly type: 'user.registration_repeated'; readonly status: string } & Subject)
  | ({ readonly type: 'user.activated' } & Subject)
  | ({ readonly type: 'login.failed'; readonly reason: LoginRefusal } & Partial<Subject>)
  | ({ readonly type: 'session.started' } & SessionSubject)
  | ({ readonly type: 'session.refreshed' } & SessionSubject)
  | ({ readonly type: 'session.refresh_recovered' } & SessionSubject)
  | ({ readonly type: 'session.ended'; readonly reason: RevocationReason } & SessionSubject)
  | ({ readonly type: 'session.others_ended' } & SessionSubject)
  | ({ readonly type: 'session.oldest_evicted'; readonly count: number } & Subject)
  | ({ readonly type: 'access.denied'; readonly reason: string } & SessionSubject)
  | ({ readonly type: 'password.changed' } & Subject)
  | ({ readonly type: 'password.change_refused' } & SessionSubject)
  | ({ readonly type: 'password.reset_requested' } & Subject)
  | ({ readonly type: 'password.reset' } & Subject)
  | ({ readonly type: 'password.hash_unusable' } & Subject)
  | ({ readonly type: 'one_time_code.refused'; readonly purpose: string } & Subject)

/** The names of all events. */
export type AuthEventType = AuthEvent['type']

/** An event that has happened: with an id, and when. */
export type RecordedEvent = AuthEvent & { readonly id: string; readonly at: Date }

/** Whether an event tells of something that went through or of something that was refused. */
export const outcomes: Record<AuthEventType, 'success' | 'failure'> = {
  'user.created': 'success',
  'user.registered': 'success',
  'user.registration_repeated': 'failure',
  'user.activated': 'success',
  'login.failed': 'failure',
  'session.started': 'success',
  'session.refreshed': 'success',
  'session.refresh_recovered': 'success',
  'session.ended': 'success',
  'session.others_ended': 'success',
  'session.oldest_evicted': 'success',
  'access.denied': 'failure',
  'password.changed': 'success',
  'password.change_refused': 'failure',
  'password.reset_requested': 'success',
  'password.reset': 'success',
  'password.hash_unusable': 'failure',
  'one_time_code.refused': 'failure',
}
