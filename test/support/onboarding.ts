import { AuthError, type AuthOptions, type Store, type User } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { PASSWORD, type Setup, tokenIn } from './setup.ts'

/** `ok`, or the code with which a flow refuses. Anything else that is thrown fails the test. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ok'
  } catch (error) {
    if (error instanceof AuthError) return error.code
    throw error
  }
}

/** Registers an address, and resolves the message that went to it. */
export async function register({ auth, outbox }: Setup, email: string, password = PASSWORD) {
  await auth.register({ email, password })
  const message = await outbox.next('activate', email)
  return { ...message, token: tokenIn(message.link) }
}

/** How a login with the address or name and the password ends. */
export function loginOutcome({ auth }: Setup, identifier: string, password = PASSWORD) {
  return outcome(auth.login({ identifier, password }))
}

/** The record behind an address. Fails when there is none. */
export async function recordOf({ store }: Pick<Setup, 'store'>, email: string): Promise<User> {
  const user = await store.users.findByIdentifier({ kind: 'email', value: email })
  if (user === null) throw new Error(`nobody has the address ${email}`)
  return user
}

/** Changes a record behind the back of the flows, as an administrator's tool would. */
export async function change(
  setup: Setup,
  email: string,
  patch: Parameters<Store['users']['update']>[2],
) {
  const user = await recordOf(setup, email)
  await setup.store.users.update(user.id, user.version, patch)
}

/** A memory store that notes which verbs were called. */
export function listeningStore(): { readonly store: Store; readonly calls: string[] } {
  const calls: string[] = []
  const plain = memoryStore()
  const listen = <Group extends object>(group: string, verbs: Group): Group =>
    new Proxy(verbs, {
      get(target, name) {
        const verb: unknown = Reflect.get(target, name)
        if (typeof verb !== 'function') return verb
        return (...input: unknown[]) => {
          calls.push(`${group}.${String(name)}`)
          return Reflect.apply(verb, target, input)
        }
      },
    })
  const store: Store = {
    ...plain,
    users: listen('users', plain.users),
    sessions: listen('sessions', plain.sessions),
    oneTimeTokens: listen('oneTimeTokens', plain.oneTimeTokens),
    events: listen('events', plain.events),
  }
  return { store, calls }
}

/** Options for accounts with an address and a name. */
export const WITH_USERNAMES = { identifiers: ['email', 'username'] } satisfies Partial<AuthOptions>
