import type { ErrorListener } from './background.ts'
import type { RecordedEvent } from './events.ts'
import type { Mailer } from './messages.ts'
import type { Store } from './store.ts'

/** What `createAuth` takes. All durations are in whole seconds. A wrong option throws `ConfigurationError`. */
export interface AuthOptions {
  /** At least 32 bytes of chance, such as `openssl rand -base64 32` prints. Every key is derived from it. */
  readonly secret?: string | undefined
  /**
   * In place of `secret`, to change it without logging anyone out: the first signs, all verify. A rolling deploy goes
   * `[old, new]` everywhere, then `[new, old]`, then `[new]` once the absolute session lifetime has passed.
   */
  readonly secrets?: readonly (string | undefined)[] | undefined
  /** Where accounts and sessions are kept. */
  readonly store: Store
  /**
   * The origin that users see, such as `https://app.example`. Links in messages come from here, never from a request.
   * Plain `http:` is taken for `localhost` only.
   */
  readonly origin: string
  /** Sends messages. Needed as soon as `identifiers` has `email`. */
  readonly mailer?: Mailer | undefined
  /** Stands in the subjects of messages. @default the host of `origin` */
  readonly appName?: string | undefined
  /** The `iss` of access tokens. @default `origin` */
  readonly issuer?: string | undefined
  /** The `aud` of access tokens. @default `origin` */
  readonly audience?: string | undefined
  /** What an account is known by, and logs in with. Each kind in the list is required to register. @default ['email'] */
  readonly identifiers?: readonly ('email' | 'username')[] | undefined
  /**
   * How a new account opens: `email`, by a link or code to its address; `none`, at once.
   * @default 'email' where `identifiers` has it, else 'none'
   */
  readonly activation?: 'email' | 'none' | undefined
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
      }
    | undefined
  /** The roles of a new account. @default ['user'] */
  readonly defaultRoles?: readonly string[] | undefined
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
  /** By how much the clocks of two nodes may differ. 0 to 60. @default 5 */
  readonly clockTolerance?: number | undefined
  /** Whether this process deletes what is expired, about once an hour. @default true */
  readonly maintenance?: boolean | undefined
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined
  /** Hears of everything that happened. Cannot veto; its failures are reported to `onError`. */
  readonly onEvent?: ((event: RecordedEvent) => void) | undefined
  /**
   * Hears of what failed where no answer could say so: a message that was not sent, a store that did not answer.
   * @default one line on standard error
   */
  readonly onError?: ErrorListener | undefined
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
}
