import { inspect } from 'node:util'
import { type AuthOptions, ConfigurationError, createAuth, type Store } from '@latchkey/core'
import { fakeClock, weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { ORIGIN, SECRET, setUp } from '../support/setup.ts'

const OTHER_SECRET = 'another-secret-for-tests-9876543210-zyxwv'

function create(changes: Record<string, unknown>): void {
  const options = {
    secret: SECRET,
    origin: ORIGIN,
    store: memoryStore(),
    mailer: () => {},
    maintenance: false,
    ...changes,
  }
  // What JavaScript gives is not what the types promise.
  createAuth(options as AuthOptions)
}

function errorOf(changes: Record<string, unknown>): ConfigurationError {
  try {
    create(changes)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('the options were taken')
}

type Wrong = readonly [option: string, remedy: RegExp, options: Record<string, unknown>]

const firebase = { signerKey: `${'A'.repeat(86)}==`, saltSeparator: 'Bw==', rounds: 8, memCost: 14 }

const wrongFirebase: readonly Wrong[] = [
  ['', /must be the password hash parameters/, 'the console'],
  ['.signerKey', /must be "base64_signer_key".*64 bytes/, { ...firebase, signerKey: undefined }],
  ['.signerKey', /must be "base64_signer_key"/, { ...firebase, signerKey: SECRET }],
  ['.signerKey', /must be "base64_signer_key"/, { ...firebase, signerKey: 'A'.repeat(84) }],
  ['.saltSeparator', /such as "Bw=="/, { ...firebase, saltSeparator: '' }],
  ['.rounds', /such as 8/, { ...firebase, rounds: 9 }],
  ['.memCost', /such as 14/, { ...firebase, memCost: 2 ** 14 }],
  ['.memCost', /such as 14/, { ...firebase, memCost: '14' }],
  ['.algorithm', /does not exist/, { ...firebase, algorithm: 'SCRYPT' }],
].map(([member, remedy, firebaseScrypt]) => [
  `passwords.firebaseScrypt${member}`,
  remedy as RegExp,
  { passwords: { firebaseScrypt } },
])

const phone = { identifiers: ['email', 'phone'], sms: () => {} }

const wrongPhones: readonly Wrong[] = [
  ['activation', /has no "phone"/, { activation: 'phone' }],
  ['sms', /is missing: give a function/, { identifiers: ['phone'] }],
  ['sms', /must be a function that sends/, { ...phone, sms: 'https://sms.example' }],
  ['phones.defaultCountry', /by its two letters/, { ...phone, phones: { defaultCountry: 'XX' } }],
  ['phones.defaultCountry', /must be a country/, { ...phone, phones: { defaultCountry: 49 } }],
  ['optionalIdentifiers', /names "phone": add it/, { optionalIdentifiers: ['phone'] }],
  ['optionalIdentifiers', /must not name "email"/, { ...phone, optionalIdentifiers: ['email'] }],
  [
    'optionalIdentifiers',
    /must not name "phone"/,
    { ...phone, activation: 'phone', optionalIdentifiers: ['phone'] },
  ],
  [
    'optionalIdentifiers',
    /must leave one identifier/,
    { ...phone, activation: 'none', optionalIdentifiers: ['email', 'phone'] },
  ],
]

const wrongLimits: readonly Wrong[] = [
  ['limits', /must be an object/, { limits: true }],
  ['limits.rules', /such as \{ logins:/, { limits: { rules: 5 } }],
  ['limits.rules.login', /does not exist/, { limits: { rules: { login: { points: 5 } } } }],
  ['limits.rules.logins', /such as \{ points:/, { limits: { rules: { logins: 5 } } }],
  [
    'limits.rules.logins.points',
    /from 1 to 100$/,
    { limits: { rules: { logins: { points: 0 } } } },
  ],
  [
    'limits.rules.logins.points',
    /from 1 to 100$/,
    { limits: { rules: { logins: { points: 101 } } } },
  ],
  [
    'limits.rules.logins.window',
    /of seconds from 1 to 86400/,
    { limits: { rules: { logins: { window: 0.5 } } } },
  ],
  [
    'limits.rules.requests.points',
    /from 1 to 1000000/,
    { limits: { rules: { requests: { points: 1e7 } } } },
  ],
  [
    'limits.rules.requests.window',
    /of seconds from 1 to 86400/,
    { limits: { rules: { requests: { window: 1e6 } } } },
  ],
  ['limits.limiter', /function that makes a limiter/, { limits: { limiter: {} } }],
  ['limits.dangerouslyOff', /true or false/, { limits: { dangerouslyOff: 'yes' } }],
  ['limits.off', /does not exist/, { limits: { off: true } }],
  ...[true, 0, 11, 1.5, '10.0.0.0/8', [], [7], {}].map<Wrong>((trustProxy) => [
    'trustProxy',
    /the number of proxies \(1 to 10\), or the list/,
    { trustProxy },
  ]),
  ...[
    '',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0',
    'fd00::/129',
    'fe80::1%eth0/64',
  ].map<Wrong>((range) => ['trustProxy.0', /a range of addresses/, { trustProxy: [range] }]),
]

const wrong: readonly Wrong[] = [
  ['secret', /at least 32 bytes.*openssl rand/, { secret: undefined }],
  ['secret', /at least 32 bytes.*openssl rand/, { secret: '' }],
  ['secret', /at least 32 bytes.*openssl rand/, { secret: 'secret' }],
  ['secret', /at least 32 bytes.*openssl rand/, { secret: SECRET.slice(0, 31) }],
  ['secret', /must be random.*openssl rand/, { secret: 'a'.repeat(64) }],
  ['secret', /must be random.*openssl rand/, { secret: 'abc'.repeat(20) }],
  ['secret', /string of at least 32 bytes/, { secret: Buffer.alloc(32, 'abcdefghijklmnop') }],
  ['secrets', /one of the two/, { secrets: [SECRET] }],
  ['secrets', /must not be empty/, { secret: undefined, secrets: [] }],
  ['secrets.1', /at least 32 bytes/, { secret: undefined, secrets: [SECRET, 'short'] }],
  ['secrets.1', /must be random/, { secret: undefined, secrets: [SECRET, 'x'.repeat(32)] }],
  ['secrets.0', /at least 32 bytes/, { secret: undefined, secrets: [undefined, SECRET] }],
  ['secrets', /same secret twice/, { secret: undefined, secrets: [SECRET, SECRET] }],
  ['secrets', /list of strings/, { secret: undefined, secrets: SECRET }],
  ['store', /must be a store, such as memoryStore\(\)/, { store: undefined }],
  ['store', /must be a store/, { store: {} }],
  ['store', /must be a store/, { store: null }],
  ['store', /must be a store/, { store: 'sqlite:./app.db' }],
  ['origin', /such as "https:\/\/app\.example"/, { origin: undefined }],
  ['origin', /such as "https:\/\/app\.example"/, { origin: '' }],
  ['origin', /without a path/, { origin: 'https://app.example/' }],
  ['origin', /without a path/, { origin: 'https://app.example/auth' }],
  ['origin', /without a path/, { origin: 'https://ada@app.example' }],
  ['origin', /without a path/, { origin: 'app.example' }],
  ['origin', /without a path/, { origin: 'javascript:alert(1)' }],
  ['origin', /must begin with "https:/, { origin: 'http://app.example' }],
  ['origin', /must begin with "https:/, { origin: 'http://localhost.example' }],
  ['origin', /must begin with "https:/, { origin: 'ws://localhost' }],
  ['mailer', /is missing: give a function/, { mailer: undefined }],
  ['mailer', /must be a function that sends/, { mailer: 'smtp://mail.example' }],
  ['appName', /one line/, { appName: 'Example\r\nBcc: ada@example.com' }],
  ['appName', /at most 100/, { appName: 'x'.repeat(101) }],
  ['identifiers', /at least one kind/, { identifiers: [] }],
  ['identifiers.0', /"email", "username" or "phone"/, { identifiers: ['sms'] }],
  ['identifiers', /must be a list/, { identifiers: 'email' }],
  ['activation', /has no "email"/, { identifiers: ['username'], activation: 'email' }],
  ['activation', /"email", "phone", "admin" or "none"/, { activation: 'sms' }],
  ...wrongPhones,
  [
    'links.activate',
    /path that begins with "\/"/,
    { links: { activate: 'https://evil.example/{token}' } },
  ],
  ['links.activate', /contains "\{token\}"/, { links: { activate: '/activate' } }],
  ['links.resetPassword', /path that/, { links: { resetPassword: '//evil.example/{token}' } }],
  ['links.resetPassword', /path that/, { links: { resetPassword: '/\\evil.example/{token}' } }],
  ['links.reset', /does not exist/, { links: { reset: '/reset/{token}' } }],
  ['defaultRoles', /list of role names/, { defaultRoles: 'user' }],
  ['passwords.minLength', /from 8 to 64/, { passwords: { minLength: 7 } }],
  ['passwords.minLength', /from 8 to 64/, { passwords: { minLength: 65 } }],
  ['passwords.minLength', /from 8 to 64/, { passwords: { minLength: 8.5 } }],
  ['passwords.minLength', /from 8 to 64/, { passwords: { minLength: '15' } }],
  ...(
    [
      ['', /true, false, or an object/, 'yes'],
      ['.url', /"https:/, { url: 'http://pwned.example/range/' }],
      ['.url', /"https:/, { url: 'https://pwned.example/range' }],
      ['.url', /"https:/, { url: 'https://ada:pw@pwned.example/range/' }],
      ['.url', /"https:/, { url: 'https://pwned.example/?range=/' }],
      ['.url', /"https:/, { url: 'file:///ranges/' }],
      ['.fetchRange', /must be a function/, { fetchRange: 'curl' }],
      ['.timeout', /seconds from 1 to 10/, { timeout: 0 }],
      ['.timeout', /seconds from 1 to 10/, { timeout: 1000 }],
      ['.minCount', /from 1 to 1000000/, { minCount: 0 }],
      ['.onFailure', /"accept" or "refuse"/, { onFailure: 'ignore' }],
      ['.fetch', /does not exist/, { fetch: () => '' }],
    ] as const
  ).map<Wrong>(([option, remedy, breachCheck]) => [
    `passwords.breachCheck${option}`,
    remedy,
    { passwords: { breachCheck } },
  ]),
  ...wrongLimits,
  ['passwords.blocked', /list of strings/, { passwords: { blocked: 'latchkey' } }],
  ['passwords.cost', /too weak.*19456/, { passwords: { cost: { memory: 4096, passes: 3 } } }],
  ['passwords.cost', /too weak.*19456/, { passwords: { cost: { memory: 19_455, passes: 2 } } }],
  ['passwords.cost', /too weak.*19456/, { passwords: { cost: { memory: 47_103, passes: 1 } } }],
  ['passwords.cost.memory', /at most 262144/, { passwords: { cost: { memory: 1e9, passes: 2 } } }],
  ['passwords.cost.passes', /at most 10/, { passwords: { cost: { memory: 19_456, passes: 11 } } }],
  ['passwords.concurrency', /whole number from 1/, { passwords: { concurrency: 0 } }],
  ['passwords.maxQueue', /whole number from 0/, { passwords: { maxQueue: -1 } }],
  ...wrongFirebase,
  ['accessToken.lifetime', /from 60 to 3600/, { accessToken: { lifetime: 3601 } }],
  ['accessToken.lifetime', /from 60 to 3600/, { accessToken: { lifetime: Number.NaN } }],
  ['sessions.idleLifetime', /twice "accessToken\.lifetime"/, { sessions: { idleLifetime: 1199 } }],
  [
    'sessions.idleLifetime',
    /at most "sessions\.absoluteLifetime"/,
    { sessions: { absoluteLifetime: 86_400 } },
  ],
  ['sessions.absoluteLifetime', /2592000/, { sessions: { absoluteLifetime: 2_592_001 } }],
  ['sessions.maxPerUser', /from 1 to 1000/, { sessions: { maxPerUser: 0 } }],
  ['pendingLifetime', /whole number of seconds from 86400/, { pendingLifetime: 3600 }],
  ['defaultRoles.0', /letters, digits/, { defaultRoles: ['a role'] }],
  ['issuer', /at most 256/, { issuer: 'x'.repeat(257) }],
  ['store', /must be a store/, { store: { users: memoryStore().users } as unknown as Store }],
  ['clockTolerance', /from 0 to 60/, { clockTolerance: 61 }],
  ['clockTolerance', /from 0 to 60/, { clockTolerance: -1 }],
  ['maintenance', /true or false/, { maintenance: 'no' }],
  ['now', /returns a Date/, { now: new Date() }],
  ['logger', /must be a logger, such as pino/, { logger: { info() {} } }],
  ['onError', /must be a function/, { onError: 1 }],
  ['orgin', /does not exist: check its spelling/, { orgin: ORIGIN }],
  ['passwords.minLenght', /does not exist/, { passwords: { minLenght: 15 } }],
]

describe('createAuth', () => {
  it.each(wrong)('S109 names the option "%s" and the remedy %s', (option, remedy, options) => {
    const error = errorOf(options)
    expect(error.option).toBe(option)
    expect(error.message).toMatch(remedy)
    expect(error.message).toMatch(new RegExp(`^createAuth: option "${option}" `))
  })

  it('S109 says what it wants when it is called with nothing', () => {
    const nothing = undefined as unknown as AuthOptions
    expect(() => createAuth(nothing)).toThrow(ConfigurationError)
  })

  it.each([
    { origin: 'http://localhost:3000' },
    { origin: 'http://127.0.0.1:3000' },
    { origin: 'http://[::1]:3000' },
    { origin: 'https://app.example:8443' },
    { secret: undefined, secrets: [SECRET, OTHER_SECRET] },
    { identifiers: ['username'], mailer: undefined },
    { ...phone, identifiers: ['phone'], mailer: undefined, phones: { defaultCountry: 'DE' } },
    { ...phone, optionalIdentifiers: ['phone'], activation: 'admin' },
    { identifiers: ['email', 'username'], activation: 'none' },
    { passwords: { cost: { memory: 7168, passes: 5 } } },
    { passwords: { cost: { memory: 47_104, passes: 1 } } },
    { passwords: { minLength: 15, maxQueue: 0 } },
    { limits: {}, trustProxy: false },
    { limits: { rules: { logins: { points: 100 }, requests: { window: 1 } } }, trustProxy: 10 },
    {
      limits: { dangerouslyOff: true },
      trustProxy: ['10.0.0.0/8', 'fd00::/8', '::1', '192.0.2.7'],
    },
    { passwords: { firebaseScrypt: firebase } },
    { passwords: { breachCheck: true } },
    { passwords: { breachCheck: { url: 'http://localhost:8080/range/', timeout: 10 } } },
    { accessToken: { lifetime: 3600 }, sessions: { idleLifetime: 7200 } },
    { sessions: { idleLifetime: 86_400, absoluteLifetime: 86_400 } },
    { appName: undefined, issuer: undefined, links: undefined, passwords: undefined },
  ])('takes %j', (options) => {
    expect(() => create(options)).not.toThrow()
  })

  it('S109 takes a weak cost under its dangerous name only', () => {
    expect(errorOf({ passwords: { cost: { memory: 8, passes: 1 } } }).option).toBe('passwords.cost')
    expect(() => create({ passwords: weakPasswords })).not.toThrow()
  })

  it('S109 begins with no account at all', async () => {
    const { auth } = setUp()
    for (const identifier of ['admin', 'admin@example.com', 'root']) {
      const login = auth.login({ identifier, password: 'admin admin' })
      await expect(login).rejects.toMatchObject({ code: 'invalid_credentials' })
    }
  })
})

describe('what prints itself', () => {
  const secrets = [SECRET, OTHER_SECRET]

  it('S110 shows no secret in an auth', () => {
    const store = memoryStore()
    const auth = createAuth({
      secrets,
      origin: ORIGIN,
      store,
      mailer: () => {},
      now: fakeClock().now,
      maintenance: false,
    })
    const printed = inspect(auth, { depth: Infinity, showHidden: true }) + JSON.stringify(auth)
    for (const secret of secrets) expect(printed).not.toContain(secret)
    expect(Object.isFrozen(auth)).toBe(true)
  })

  it.each(wrong)(
    'S110 shows no secret in the error about "%s" (%s)',
    (_option, _remedy, options) => {
      const error = errorOf(options)
      const printed = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)
      expect(printed).not.toContain(SECRET)
      expect(printed).not.toContain(SECRET.slice(0, 31))
    },
  )
})
