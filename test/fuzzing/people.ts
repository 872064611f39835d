import type { Message } from '@latchkey/core'
import { allUsers } from '../support/administration.ts'
import { PASSWORD, type Setup, tokenIn } from '../support/setup.ts'
import { generationOf } from '../support/tokens.ts'

/** Accounts, and all that was given out to them. */
export interface People {
  /** By their names. No two are the same. */
  tokens(): Readonly<Record<string, string>>
  ids(): Readonly<Record<string, string>>
  /** What no answer and no line may hold. */
  secrets(): readonly string[]
  /** Gives a new account to everybody whose old one is no longer as it was. */
  recover(): Promise<void>
}

interface Person {
  readonly name: string
  readonly account: {
    readonly email: string
    readonly username?: string
    readonly phone?: string
    readonly password: string
    readonly roles?: string[]
  }
}

interface Entered {
  readonly tokens: Readonly<Record<string, string>>
  readonly ids: Readonly<Record<string, string>>
  readonly passwordHash: string
}

/** Stands in no request. */
export const VICTIM_PASSWORD = 'what only the victim knows'
const NEW_PASSWORD = 'another fine password'

/** Passwords that stand in requests, and are no words of ours. */
export const sentPasswords = [PASSWORD, NEW_PASSWORD]

const persons: readonly Person[] = [
  {
    name: 'administrator',
    account: { email: 'root@example.com', password: VICTIM_PASSWORD, roles: ['user', 'admin'] },
  },
  {
    name: 'victim',
    account: {
      email: 'victim@example.com',
      username: 'victim',
      phone: '+12025550143',
      password: VICTIM_PASSWORD,
    },
  },
  { name: 'stranger', account: { email: 'stranger@example.com', password: PASSWORD } },
]

const kinds = ['access', 'refresh', 'csrf', 'reset', 'reset code', 'change', 'change code']
const tokensOf = (...names: readonly string[]) =>
  names.flatMap((name) => kinds.map((kind) => `${name} ${kind}`))

/** The names of the tokens that the stranger has. */
export const ownTokens = tokensOf('stranger')

/** The names of the tokens that others have. */
export const foreignTokens = tokensOf('victim', 'administrator')

/** What is a name, an address or a number of somebody. */
export const knownTexts: Readonly<Record<string, readonly string[]>> = {
  identifier: [
    'victim@example.com',
    'stranger@example.com',
    'VICTIM@EXAMPLE.COM',
    'victim',
    'nobody@example.com',
    '+12025550143',
  ],
  email: [
    'victim@example.com',
    'stranger@example.com',
    'new@example.com',
    'nEw@example.com',
    'a+b@example.org',
  ],
  username: ['victim', 'stranger', 'newcomer', 'admin', 'ｖictim'],
  phone: ['+12025550143', '+12025550144', '+1 (202) 555-0143', '+4915112345678'],
  password: [PASSWORD, NEW_PASSWORD, `${VICTIM_PASSWORD} `, 'password', '12345678'],
  newPassword: [PASSWORD, NEW_PASSWORD, 'password'],
  currentPassword: [PASSWORD, NEW_PASSWORD, VICTIM_PASSWORD.toUpperCase()],
  code: ['000000', '12345678', '1', '１２３４５６'],
  role: ['user', 'admin', 'staff', '__proto__'],
  roles: ['user', 'admin', 'staff', '*'],
  search: ['v', 'victim@', '%', '_', '\\', '+1'],
  cursor: ['', 'a', 'eyJhIjoxfQ', 'null'],
  type: ['login', 'session.started', '*'],
}

/** Makes the accounts, and logs everybody in. */
export async function peopleOf(setup: Setup): Promise<People> {
  // So that there is always one administrator more, of whom no request knows.
  await setup.auth.createUser({
    email: 'keeper@example.com',
    password: VICTIM_PASSWORD,
    roles: ['admin'],
  })
  const entered = new Map<Person, Entered>()
  for (const person of persons) entered.set(person, await enter(setup, person))
  const all = () => [...entered.values()]
  return {
    tokens: () => Object.assign({}, ...all().map(({ tokens }) => tokens)),
    ids: () => Object.assign({ nobody: NOBODY }, ...all().map(({ ids }) => ids)),
    secrets: () => [VICTIM_PASSWORD, '$argon2', ...all().map(({ passwordHash }) => passwordHash)],
    async recover() {
      for (const [person, before] of entered) {
        if (!(await isWhole(setup, person, before))) entered.set(person, await enter(setup, person))
      }
    },
  }
}

/** The ids of all who administrate. */
export async function administrators(setup: Setup): Promise<readonly string[]> {
  return (await allUsers(setup, 'admin')).map(({ id }) => id).sort()
}

const NOBODY = '0190a5f2-0000-7000-8000-000000000000'

/** A new account in place of whoever has the address, the name or the number. */
async function enter(setup: Setup, { name, account }: Person): Promise<Entered> {
  const { auth, store } = setup
  for (const kind of ['email', 'username', 'phone'] as const) {
    const value = account[kind]
    const found = value === undefined ? null : await store.users.findByIdentifier({ kind, value })
    if (found !== null) await auth.deleteUser('system', found.id)
  }
  await auth.createUser(account)
  const { email: identifier, password } = account
  const { user, sessionId, accessToken, refreshToken } = await auth.login({ identifier, password })
  const links = await linksTo(setup, account, accessToken)
  const csrf = await csrfTokenOf(setup, accessToken)
  const tokens = { access: accessToken, refresh: refreshToken, csrf, ...links }
  return {
    tokens: Object.fromEntries(
      Object.entries(tokens).map(([kind, text]) => [`${name} ${kind}`, text]),
    ),
    ids: { [name]: user.id, [`${name} session`]: sessionId },
    passwordHash: (await store.users.find(user.id))?.passwordHash ?? '',
  }
}

/** As a page of ours reads it. */
async function csrfTokenOf({ auth }: Setup, accessToken: string): Promise<string> {
  const header = (name: string) => (name === 'cookie' ? `__Host-at=${accessToken}` : null)
  const request = { method: 'GET', path: '/csrf', query: '', header, body: null, ip: null }
  const reply = await auth.handle(request, 'cookie')
  return JSON.parse(String(reply?.body)).csrfToken
}

/** What was mailed to the account: for another password, and for another address. */
async function linksTo(
  { auth, outbox }: Setup,
  { email, password }: Person['account'],
  accessToken: string,
) {
  await auth.forgotPassword({ identifier: email })
  const another = email.replace('.com', '.net')
  const principal = await auth.authenticate(accessToken)
  await auth.changeEmail(principal, { email: another, currentPassword: password })
  await auth.close()
  const last = (wanted: Message['kind']) => outbox.messages.findLast(({ kind }) => kind === wanted)
  const [reset, change] = [last('reset_password'), last('change_email')]
  return {
    reset: tokenIn(reset?.link),
    'reset code': reset?.code ?? '',
    change: tokenIn(change?.link),
    'change code': change?.code ?? '',
  }
}

async function isWhole(
  { auth, store }: Setup,
  { name, account }: Person,
  { tokens, ids }: Entered,
) {
  const { email: value } = account
  const [user, found, principal] = await Promise.all([
    store.users.findByIdentifier({ kind: 'email', value }),
    store.sessions.find(ids[`${name} session`] ?? ''),
    auth.authenticate(tokens[`${name} access`] ?? '').catch(() => null),
  ])
  const generation = generationOf({ refreshToken: tokens[`${name} refresh`] ?? '' })
  return user?.id === ids[name] && principal !== null && found?.session.generation === generation
}
