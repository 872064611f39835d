import type { KeyObject, webcrypto } from 'node:crypto'
import type { AuthEvent } from './events.ts'
import type { Allowance, LimitName } from './limit-table.ts'
import type { MessageDraft } from './messages.ts'
import type { Principal } from './principal.ts'
import type { ProfileRules } from './profile-rules.ts'
import type { ProfileSchema } from './profile-schema.ts'
import type { IdentifierKind } from './records.ts'
import type { Store } from './store.ts'
import type { Seconds } from './time.ts'
import type { TransportSettings } from './transport.ts'

/** What a flow may touch. Built once, by `config.ts`. */
export interface Context {
  readonly settings: Settings
  readonly store: Store
  readonly keys: Keys
  readonly hasher: PasswordHasher
  readonly memory: TokenMemory
  readonly limits: Limits
  /** Whether a new password is known from a breach. Throws `unavailable` where nobody can tell and that is to be refused. */
  isBreached(password: string): Promise<boolean>
  now(): Date
  /** Tells listeners and the audit log. Never throws, never waits. */
  emit(event: AuthEvent): void
  /** Sends a message off the response path. Never throws, never waits. */
  send(draft: MessageDraft): void
  /** Starts work that no answer waits for. A failure is reported, `close()` waits for the end. */
  later(what: string, work: () => Promise<unknown>): void
}

/** Counts what is limited. Never throws: without its backend it counts in memory. No key holds an address or an identifier. */
export interface Limits {
  readonly rules: Readonly<Record<LimitName, Allowance>>
  /** Counts one, atomically and before the work: `null` when the rule allows it, else the seconds to wait. */
  count(rule: LimitName, key: string): Promise<Seconds | null>
  /** Counts nothing: `null` when the rule allows one more, else the seconds to wait. Not for rules with delays. */
  look(rule: LimitName, key: string): Promise<Seconds | null>
  /** Takes back one that was counted. */
  giveBack(rule: LimitName, key: string): Promise<void>
  /** Forgets what was counted. */
  clear(rule: LimitName, key: string): Promise<void>
  /** Keeps a key in mind for 30 days. */
  know(key: string): Promise<void>
  isKnown(key: string): Promise<boolean>
  /** Whether this process asks for the first time in a window of the rule. */
  isNews(rule: LimitName, key: string): Promise<boolean>
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
  /** Whether access tokens are signed with keys of which anyone may have the public part. */
  readonly publishesKeys: boolean
  readonly idleLifetime: Seconds
  readonly absoluteLifetime: Seconds
  readonly maxSessionsPerUser: number
  readonly pendingLifetime: Seconds
  readonly clockTolerance: Seconds
  readonly transport: TransportSettings
  /** The address of the client, by that of the socket's peer and by `X-Forwarded-For`. */
  readonly clientAddress: (peer: string | null, forwardedFor: string | null) => string | null
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
  readonly refresh: KeyObject
  readonly csrf: KeyObject
  readonly code: KeyObject
  /** Hides addresses and identifiers where limits are counted. */
  readonly limit: KeyObject
}

/** How a key of two parts signs access tokens. `EdDSA` is with Ed25519 always; the name `Ed25519` of RFC 9864 is not used. */
export type SigningAlgorithm = 'EdDSA' | 'ES256'

/** A key of access tokens, with the one protected header that tokens under it may have. */
export interface AccessKey {
  readonly header: {
    readonly alg: 'HS256' | SigningAlgorithm
    readonly typ: 'at+jwt'
    readonly kid: string
  }
  /** The header as the first segment of a token. */
  readonly segment: string
  /** A secret for HS256, and a public key for the others. */
  readonly verifies: KeyObject | webcrypto.CryptoKey
}

/** An access key that can sign too. */
export interface SigningAccessKey extends AccessKey {
  readonly signs: KeyObject | webcrypto.CryptoKey
}

/** A public key as a JWK (RFC 7517): what other services need to verify access tokens, and no more. */
export interface PublicJwk {
  readonly kty: 'OKP' | 'EC'
  readonly crv: 'Ed25519' | 'P-256'
  readonly x: string
  readonly y?: string
  readonly alg: SigningAlgorithm
  readonly use: 'sig'
  /** The thumbprint of the key (RFC 7638). */
  readonly kid: string
}

/** The keys of access tokens: the current one signs, all verify. Either all are secret or none is (S039). */
export interface AccessKeys {
  readonly current: SigningAccessKey
  readonly all: readonly AccessKey[]
  /** Their public parts; none where they are secret. */
  readonly published: readonly PublicJwk[]
}

/** The keys of every configured secret, the current one first, and those of access tokens. */
export interface Keys {
  readonly current: DerivedKeys
  readonly all: readonly DerivedKeys[]
  /** Those of this moment. Replaced as a whole: nobody sees half of a rotation. */
  access(): AccessKeys
  replaceAccess(keys: AccessKeys): void
}

/** What this node knows of access tokens without asking the store. */
export interface TokenMemory {
  /**
   * Who holds a token that was seen before: without a promise, a signature or the store. `null` when memory does not
   * suffice. Throws `invalid_token` and `token_stale`.
   */
  recall(token: string): Principal | null
  /** How much was heard of revocations so far: whatever the store is asked from now on, its answer reckons with it. */
  readonly position: number
  /** Whether the last poll of the feed ended well, if there was one. */
  isHearing(): boolean
  /** Throws `invalid_token` and `token_stale` for what was revoked. */
  verdictOn(verified: VerifiedToken): Standing
  remember(token: string, verified: VerifiedToken): void
  forget(token: string): void
  /** Every token has to be verified anew. */
  forgetAll(): void
  /** Asks once for all who bring the same token at the same time. */
  askTogether(token: string, ask: () => Promise<Principal>): Promise<Principal>
}

/**
 * What is known of a confirmed token that was not revoked. `doubtful`: something was revoked meanwhile, and only the
 * store can tell what. `unheard`: nothing speaks against it, but it must not be relied on later.
 */
export type Standing = 'stands' | 'doubtful' | 'unheard'

/** An access token that was verified, and that the store has confirmed. */
export interface VerifiedToken {
  readonly principal: Principal
  /** Seconds since 1970. */
  readonly expiresAt: number
  readonly credentialEpoch: number
  readonly claimsVersion: number
  /** The {@link TokenMemory.position} before the store was asked. */
  readonly since: number
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
