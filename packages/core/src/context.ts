import type { KeyObject, webcrypto } from 'node:crypto'
import type { AuthEvent } from './events.ts'
import type { MessageDraft } from './messages.ts'
import type { ProfileRules } from './profile-rules.ts'
import type { ProfileSchema } from './profile-schema.ts'
import type { IdentifierKind } from './records.ts'
import type { Store } from './store.ts'
import type { Seconds } from './time.ts'

/** What a flow may touch. Built once, by `config.ts`. */
export interface Context {
  readonly settings: Settings
  readonly store: Store
  readonly keys: Keys
  readonly hasher: PasswordHasher
  now(): Date
  /** Tells listeners and the audit log. Never throws, never waits. */
  emit(event: AuthEvent): void
  /** Sends a message off the response path. Never throws, never waits. */
  send(draft: MessageDraft): void
  /** Starts work that no answer waits for. A failure is reported, `close()` waits for the end. */
  later(what: string, work: () => Promise<unknown>): void
}

/** The options, checked, with every default filled in. */
export interface Settings {
  readonly appName: string
  readonly origin: string
  readonly issuer: string
  readonly audience: string
  readonly identifiers: readonly IdentifierKind[]
  /** Those of them that an account may lack. */
  readonly optionalIdentifiers: readonly IdentifierKind[]
  readonly activation: Activation
  /** The canonical form of a phone number, E.164; `null` for what is none. */
  readonly parsePhone: (text: string) => string | null
  readonly links: Links
  /** What is accepted as a profile; `null` where accounts have none. */
  readonly profile: ProfileSchema | null
  readonly profileRules: ProfileRules
  /** From the least to the most powerful; the last one administers. */
  readonly roles: readonly string[]
  readonly defaultRoles: readonly string[]
  /** What each role allows. The last role has them all. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<string>>
  readonly undoWindow: Seconds
  readonly deletionGrace: Seconds
  /** How long an administrator may act as somebody else; `null` where nobody may. */
  readonly impersonationLifetime: Seconds | null
  readonly auditRetention: Seconds
  readonly passwordMinLength: number
  readonly blockedPasswords: ReadonlySet<string>
  readonly accessTokenLifetime: Seconds
  readonly idleLifetime: Seconds
  readonly absoluteLifetime: Seconds
  readonly maxSessionsPerUser: number
  readonly pendingLifetime: Seconds
  readonly clockTolerance: Seconds
}

/** Who opens a new account. */
export type Activation = 'email' | 'phone' | 'admin' | 'none'

/** Where the links of messages lead: paths under `origin` in which `{token}` stands for the token. */
export interface Links {
  readonly activate: string
  readonly resetPassword: string
  readonly changeEmail: string
  readonly undoEmailChange: string
  readonly acceptInvitation: string
}

/** The keys derived from one secret. */
export interface DerivedKeys {
  /** Public: names the secret in tokens without telling anything about it. */
  readonly id: string
  readonly access: AccessKey
  readonly refresh: KeyObject
  readonly code: KeyObject
}

/** The key of access tokens, with the one protected header that tokens under it may have. */
export interface AccessKey {
  readonly header: { readonly alg: 'HS256'; readonly typ: 'at+jwt'; readonly kid: string }
  /** The header as the first segment of a token. */
  readonly segment: string
  readonly key: webcrypto.CryptoKey
}

/** The keys of every configured secret: the current one signs, all verify. */
export interface Keys {
  readonly current: DerivedKeys
  readonly all: readonly DerivedKeys[]
}

/** What became of a password and a stored hash. */
export interface PasswordVerdict {
  readonly valid: boolean
  /** The hash was made with weaker parameters than today's, or by another system. */
  readonly outdated: boolean
  /** The hash is malformed, over budget, or needs what is not there. */
  readonly unusable: boolean
}

/** Hashes passwords, a bounded number at a time; throws `overloaded` when too many wait. */
export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** Does the same work for `null` and for a hash that cannot be used, and says no. */
  verify(hash: string | null, password: string): Promise<PasswordVerdict>
}
