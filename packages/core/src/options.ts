import type { ErrorListener } from './background.ts'
import type { BreachCheckOptions } from './breach-options.ts'
import type { LimitOptions } from './limits/limit-options.ts'
import type { Logger } from './logger.ts'
import type { Language } from './messages/language.ts'
import type { Mailer, Message, MessageComposers } from './messages/message.ts'
import type { ProfileRules } from './profile-rules.ts'
import type { ProfileSchema } from './profile-schema.ts'
import type { IdentifierKind, JsonObject } from './records.ts'
import type { RevocationOptions } from './revocation-options.ts'
import type { SigningOptions } from './signing-options.ts'
import type { Store } from './store.ts'
import type { TransportOptions } from './transport-options.ts'

/** What `createAuth` takes. All durations are in whole seconds. A wrong option throws `ConfigurationError`. */
export interface AuthOptions<Profile extends object = JsonObject> extends TransportOptions {
  /**
   * At least 32 bytes of chance, such as `openssl rand -base64 32` prints. Every key is derived from it, but for those
   * of `signing`.
   */
  readonly secret?: string | undefined
  /**
   * In place of `secret`, to change it without logging anyone out: the first signs, all verify. A rolling deploy goes
   * `[old, new]` everywhere, then `[new, old]`, then `[new]` once the absolute session lifetime has passed.
   */
  readonly secrets?: readonly (string | undefined)[] | undefined
  /**
   * Signs access tokens with keys that other services can verify by, in place of the `secret`, which everything else
   * still needs. @default none: HS256 under a key derived from the secret
   */
  readonly signing?: SigningOptions | undefined
  /** Where accounts and sessions are kept. */
  readonly store: Store
  /**
   * The origin that users see, such as `https://app.example`. Links in messages come from here, never from a request.
   * Plain `http:` is taken for `localhost` only.
   */
  readonly origin: string
  /** Sends messages. Needed as soon as `identifiers` has `email`. */
  readonly mailer?: Mailer | undefined
  /** The words of messages. */
  readonly messages?: MessageOptions | undefined
  /** Stands in the subjects of messages. @default the host of `origin` */
  readonly appName?: string | undefined
  /** The `iss` of access tokens. @default `origin` */
  readonly issuer?: string | undefined
  /** The `aud` of access tokens. @default `origin` */
  readonly audience?: string | undefined
  /** What an account is known by, and logs in with. `phone` needs the package libphonenumber-js. @default ['email'] */
  readonly identifiers?: readonly IdentifierKind[] | undefined
  /** Those of `identifiers` that an account may lack. The others are required to register. @default [] */
  readonly optionalIdentifiers?: readonly IdentifierKind[] | undefined
  /** Phone numbers. */
  readonly phones?:
    | {
        /** The country of numbers without `+`, by its two letters (ISO 3166-1). @default none: such numbers are refused */
        readonly defaultCountry?: string | undefined
      }
    | undefined
  /** Sends text messages to phones. Needed as soon as `identifiers` has `phone`. */
  readonly sms?: Mailer | undefined
  /**
   * Who opens a new account: `email`, a link or code to its address; `phone`, a code to its number; `admin`, an
   * administrator who enables it; `none`, nobody: it is open at once.
   * @default 'email' where `identifiers` has it, else 'phone' where it has that, else 'none'
   */
  readonly activation?: 'email' | 'phone' | 'admin' | 'none' | undefined
  /**
   * Where links lead: a path under `origin` in which `{token}` stands for the token. The page posts the token; opening
   * a link changes nothing, since mail scanners do. In a fragment, the token never reaches a log.
   */
  readonly links?:
    | {
        /** @default '/activate#token={token}' */
        readonly activate?: string | undefined
        /** @default '/reset-password#token={token}' */
        readonly resetPassword?: string | undefined
        /** @default '/change-email#token={token}' */
        readonly changeEmail?: string | undefined
        /** @default '/undo-email-change#token={token}' */
        readonly undoEmailChange?: string | undefined
        /** @default '/accept-invitation#token={token}' */
        readonly acceptInvitation?: string | undefined
      }
    | undefined
  /**
   * The application's own fields of an account, such as `z.object({ displayName: z.string() })`: a schema of zod or of
   * any library that keeps to Standard Schema. Typed through to `loadUser()`. @default none
   */
  readonly profile?: ProfileSchema<Profile> | undefined
  /** Who may see and change which member of the profile. @default {}: the owner and administrators, all of it */
  readonly profileRules?: ProfileRules | undefined
  /**
   * All roles, from the least to the most powerful: nobody gives or takes a role above their own. The last one
   * administers, and allows everything. @default ['user', 'staff', 'admin']
   */
  readonly roles?: readonly string[] | undefined
  /** The roles of a new account. @default the first of `roles` */
  readonly defaultRoles?: readonly string[] | undefined
  /** What each role allows besides: `{ staff: ['invoices:read', 'users:read'] }`. @default {} */
  readonly permissions?: Readonly<Record<string, readonly string[]>> | undefined
  /** So long after an e-mail address was changed the old one can undo it. 1 hour to 30 days. @default 604800 (7 days) */
  readonly undoWindow?: number | undefined
  /** So long after somebody deleted their account a login restores it. At most a year. @default 0: it is gone at once */
  readonly deletionGrace?: number | undefined
  /** Whether administrators may act as somebody else, and for how long: 60 to 3600. @default false; with `true`, 900 */
  readonly impersonation?: boolean | { readonly lifetime?: number | undefined } | undefined
  /** So long events stay in the audit log. 1 day to 10 years. @default 31536000 (365 days) */
  readonly auditRetention?: number | undefined
  /** What passwords must be, and how they are hashed. */
  readonly passwords?: PasswordOptions | undefined
  /** Access tokens. */
  readonly accessToken?:
    | {
        /** 60 to 3600. RFC 9700, section 2.2.2, wants it short. @default 600 */
        readonly lifetime?: number | undefined
      }
    | undefined
  /** Sessions. */
  readonly sessions?:
    | {
        /** Ends unless used for so long. At least twice the access token's lifetime. @default 604800 (7 days) */
        readonly idleLifetime?: number | undefined
        /** Ends however much it is used. At most 30 days, NIST SP 800-63B-4, section 2.1.3. @default 2592000 (30 days) */
        readonly absoluteLifetime?: number | undefined
        /** One more login ends the oldest session. 1 to 1000. @default 25 */
        readonly maxPerUser?: number | undefined
      }
    | undefined
  /** So long after the last registration an account that was never activated is deleted. At least a day. @default 604800 (7 days) */
  readonly pendingLifetime?: number | undefined
  /** How nodes hear what other nodes revoked. Each asks the store once a second, whatever stands here. */
  readonly revocation?: RevocationOptions | undefined
  /** How often somebody may try something. @default the table in `docs/limits.md`, counted in memory */
  readonly limits?: LimitOptions | undefined
  /**
   * Which proxies may say, in `X-Forwarded-For`, from where a request came: how many stand in front, or the addresses
   * and ranges that they have, such as `['10.0.0.0/8']`. Other headers are never read.
   * @default false: a client is known by the socket's peer
   */
  readonly trustProxy?: false | number | readonly string[] | undefined
  /** By how much the clocks of two nodes may differ. 0 to 60. @default 5 */
  readonly clockTolerance?: number | undefined
  /** Whether this process deletes what is expired, about once an hour. @default true */
  readonly maintenance?: boolean | undefined
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined
  /**
   * Writes one structured line for each event and each failure, such as pino does. Lines hold no secret, no address,
   * and no words of an error. @default none
   */
  readonly logger?: Logger | undefined
  /**
   * Hears of what failed where no answer could say so: a message that was not sent, a store that did not answer.
   * @default one line on standard error, unless there is a `logger`
   */
  readonly onError?: ErrorListener | undefined
}

/** The words of messages. A function here that fails leaves the message unsent, and `onError` hears of it. */
export interface MessageOptions {
  /**
   * What messages are written in, the default language first. `german` and `english` stand in
   * `@latchkey/core/languages`; another one is a table of your own. @default [english]
   */
  readonly languages?: readonly [Language, ...Language[]] | undefined
  /**
   * The locale of the user's language, such as `(user) => user.profile.language`. For `de-AT` there may be `de`; for
   * what is none of `languages` the first one is taken.
   */
  readonly languageOf?: ((user: Message['user']) => unknown) | undefined
  /**
   * E-mails of your own, by kind: each function gets the ready message and returns `{ subject, text, html }`. It
   * escapes what it puts into HTML, with `escapeHtml`. A line break in a subject becomes a space.
   */
  readonly compose?: MessageComposers | undefined
}

/** What passwords must be, and how they are hashed. */
export interface PasswordOptions {
  /**
   * In code points, 8 to 64. NIST SP 800-63B-4, section 3.1.1.2, asks for 15 where the password is the only factor;
   * OWASP ASVS 5.0, 6.2.1, for 8. @default 8
   */
  readonly minLength?: number | undefined
  /** Passwords to refuse besides the bundled list of common ones, such as the product's name. Case does not count. @default [] */
  readonly blocked?: readonly string[] | undefined
  /** Whether new passwords are looked up among those that breaches made known, at Pwned Passwords. @default false */
  readonly breachCheck?: boolean | BreachCheckOptions | undefined
  /** The cost of argon2id: memory in KiB, and passes. At least a row of ASVS 5.0, appendix C. @default { memory: 19456, passes: 2 } */
  readonly cost?: { readonly memory: number; readonly passes: number } | undefined
  /** A cost below every recommendation, in place of `cost`: for tests. */
  readonly dangerouslyWeakCost?: { readonly memory: number; readonly passes: number } | undefined
  /**
   * How many hashes are made at a time. @default as many as there are processors, but one thread of Node's pool
   * (`UV_THREADPOOL_SIZE`, 4) stays free
   */
  readonly concurrency?: number | undefined
  /** How many hashes may wait; one more is answered 503 with `Retry-After`. @default 64 */
  readonly maxQueue?: number | undefined
  /**
   * The password hash parameters of the Firebase project whose users were imported, as its console shows them. Needed
   * to verify their hashes, `firebase-scrypt$salt$hash`; the signer key is a secret. @default none
   */
  readonly firebaseScrypt?:
    | {
        /** `base64_signer_key`: 64 bytes in base64. */
        readonly signerKey: string
        /** `base64_salt_separator`, such as `Bw==`. */
        readonly saltSeparator: string
        /** 1 to 8. */
        readonly rounds: number
        /** `mem_cost`, 1 to 14. */
        readonly memCost: number
      }
    | undefined
}
