import type { BreachRules } from './breach-options.ts'
import type { Activation, Settings } from './context.ts'
import type { Argon2Cost, FirebaseScrypt } from './crypto/hash-formats/stored-hash.ts'
import { toConfigurationError } from './input.ts'
import type { ParsedLimits } from './limits/limit-options.ts'
import type { MessageWays } from './messages/sender.ts'
import { optionsSchema } from './option-schemas.ts'
import type { AuthOptions } from './options.ts'
import { foldForBlocking } from './passwords.ts'
import { phoneParser } from './phone-numbers.ts'
import { checkSecrets } from './secret-checks.ts'
import { checkCost, checkOrigin, checkTogether } from './settings-checks.ts'
import { MINUTE, type Seconds } from './time.ts'
import type { Secrets } from './tokens/keys.ts'
import type { GivenKeys } from './tokens/signing-keys.ts'
import { transportSettings } from './transport-options.ts'
import { clientAddressBy } from './trusted-proxies.ts'

/** What `config.ts` needs besides the {@link Settings}. */
export interface ParsedOptions {
  readonly settings: Settings
  readonly secrets: Secrets
  /** `null` where the secrets sign access tokens. */
  readonly signing: GivenKeys | null
  readonly cost: Argon2Cost
  readonly concurrency: number
  readonly maxQueue: number
  readonly firebaseScrypt: FirebaseScrypt | null
  readonly breachCheck: BreachRules | null
  readonly limits: ParsedLimits
  readonly maintenance: boolean
  readonly messages: Omit<MessageWays, 'settings' | 'senders'>
}

/** Checks the options and fills in the defaults. Throws `ConfigurationError` for the first that is wrong. */
export function parseOptions(options: AuthOptions<object>): ParsedOptions {
  const parsed = optionsSchema().safeParse(options)
  if (!parsed.success) throw toConfigurationError('createAuth', parsed.error)
  const { data } = parsed
  const { passwords, sessions, accessToken } = data
  const origin = checkOrigin(data.origin)
  const activation = data.activation ?? defaultActivation(data.identifiers)
  checkTogether(data, activation)
  const settings: Settings = {
    appName: data.appName ?? new URL(origin).host,
    origin,
    issuer: data.issuer ?? origin,
    audience: data.audience ?? origin,
    identifiers: data.identifiers,
    optionalIdentifiers: data.optionalIdentifiers,
    activation,
    parsePhone: data.identifiers.includes('phone')
      ? phoneParser(data.phones.defaultCountry)
      : () => null,
    links: data.links,
    profile: data.profile ?? null,
    profileRules: data.profileRules,
    roles: data.roles,
    defaultRoles: data.defaultRoles ?? data.roles.slice(0, 1),
    permissions: new Map(
      Object.entries(data.permissions).map(([role, some]) => [role, new Set(some)]),
    ),
    undoWindow: data.undoWindow,
    deletionGrace: data.deletionGrace,
    impersonationLifetime: impersonationLifetime(data.impersonation),
    auditRetention: data.auditRetention,
    passwordMinLength: passwords.minLength,
    blockedPasswords: new Set(passwords.blocked.map(foldForBlocking)),
    accessTokenLifetime: accessToken.lifetime,
    publishesKeys: data.signing !== undefined,
    idleLifetime: sessions.idleLifetime,
    absoluteLifetime: sessions.absoluteLifetime,
    maxSessionsPerUser: sessions.maxPerUser,
    pendingLifetime: data.pendingLifetime,
    clockTolerance: data.clockTolerance,
    clientAddress: clientAddressBy(data.trustProxy),
    transport: transportSettings(data, origin),
  }
  return {
    settings: Object.freeze(settings),
    secrets: checkSecrets(data.secret, data.secrets),
    signing: data.signing ?? null,
    cost: passwords.dangerouslyWeakCost ?? checkCost(passwords.cost),
    concurrency: passwords.concurrency,
    maxQueue: passwords.maxQueue,
    firebaseScrypt: passwords.firebaseScrypt ?? null,
    breachCheck: passwords.breachCheck ?? null,
    limits: data.limits,
    maintenance: data.maintenance,
    messages: data.messages,
  }
}

function defaultActivation(identifiers: readonly string[]): Activation {
  if (identifiers.includes('email')) return 'email'
  return identifiers.includes('phone') ? 'phone' : 'none'
}

function impersonationLifetime(option: boolean | { readonly lifetime: Seconds }): Seconds | null {
  if (option === true) return 15 * MINUTE
  return option === false ? null : option.lifetime
}
