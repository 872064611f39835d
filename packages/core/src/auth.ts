import { type AccountFunctions, accountFunctions } from './auth/accounts.ts'
import { type ChangeFunctions, changeFunctions } from './auth/changes.ts'
import { type EventFunctions, eventFunctions } from './auth/events.ts'
import { type HttpSurface, httpSurface } from './auth/http-surface.ts'
import { type KeyFunctions, keyFunctions } from './auth/keys.ts'
import { type PasswordFunctions, passwordFunctions } from './auth/passwords.ts'
import { type SessionFunctions, sessionFunctions } from './auth/sessions.ts'
import { type TransferFunctions, transferFunctions } from './auth/transfer.ts'
import { type UserFunctions, userFunctions } from './auth/users.ts'
import { buildRuntime } from './config.ts'
import { prune } from './maintenance.ts'
import type { AuthOptions } from './options.ts'
import type { JsonObject } from './records.ts'

/** What keeps an {@link Auth} running. */
interface Operation {
  /** Deletes what is expired, and resolves how many records went. Runs by itself unless `maintenance` is `false`. */
  prune(): Promise<number>
  /** Whether the store and its revocation feed answer. Never throws. */
  ready(): Promise<boolean>
  /** Ends maintenance, and resolves when all messages and events are out, or after 10 s. The store is its owner's to close. */
  close(): Promise<void>
}

/**
 * Every flow as a function, for applications with routes of their own, and the HTTP surface as one. All flows throw
 * `AuthError`: `invalid_input` for an input of the wrong shape, `unavailable` when the store fails, `overloaded` when
 * too many passwords wait to be hashed, `rate_limited` for what is tried too often, and what each says itself. What is given in place of a principal, and is none,
 * is a `TypeError`. `client` is told to the audit log; limits by address count where it has an `ip`.
 */
export interface Auth<Profile = JsonObject>
  extends AccountFunctions<Profile>,
    SessionFunctions<Profile>,
    ChangeFunctions<Profile>,
    PasswordFunctions,
    UserFunctions<Profile>,
    TransferFunctions,
    EventFunctions,
    KeyFunctions,
    HttpSurface,
    Operation {}

/** Puts an {@link Auth} together. Throws `ConfigurationError`, which names the option and the remedy. */
export function createAuth<Profile extends object = JsonObject>(
  options: AuthOptions<Profile>,
): Auth<Profile> {
  const { ctx, on, report, close } = buildRuntime(options)
  const auth = Object.freeze<Auth>({
    ...accountFunctions(ctx),
    ...sessionFunctions(ctx),
    ...changeFunctions(ctx),
    ...passwordFunctions(ctx),
    ...userFunctions(ctx),
    ...transferFunctions(ctx),
    ...eventFunctions(ctx, on),
    ...keyFunctions(ctx),
    ...httpSurface(ctx, report),
    prune: () => prune(ctx),
    ready: () =>
      ctx.store.ready().then(
        () => ctx.memory.isHearing(),
        () => false,
      ),
    close,
  })
  // The schema vouches for the type: no other profile is ever stored.
  return auth as Auth<never> as Auth<Profile>
}
