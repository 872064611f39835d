import type { Auth, Principal, Store } from '@latchkey/core'
import { PASSWORD } from './setup.ts'

/** An administrator, logged in. */
export interface Administrator {
  readonly id: string
  readonly email: string
  readonly principal: Principal
}

/** One way in which administrators leave: `target` is taken away by `by`, who may be the same. */
export type Departure = (auth: Auth, target: Administrator, by: Administrator) => Promise<unknown>

/** Every way to take an administrator away. */
export const departures = {
  demoted: (auth, target, by) => auth.setRoles(by.principal, target.id, { roles: ['user'] }),
  disabled: (auth, target, by) => auth.disableUser(by.principal, target.id),
  deleted: (auth, target, by) => auth.deleteUser(by.principal, target.id),
  'deleted by themselves': (auth, target) =>
    auth.deleteAccount(target.principal, { currentPassword: PASSWORD }),
} as const satisfies Readonly<Record<string, Departure>>

/** The name of a way to take an administrator away. */
export type DepartureName = keyof typeof departures

let count = 0

/** Makes administrators whom nobody has seen before. */
export function administrators(auth: Auth, number: number): Promise<Administrator[]> {
  const emails = Array.from({ length: number }, () => {
    count += 1
    return `admin-${count}@example.com`
  })
  return Promise.all(emails.map((email) => administrator(auth, email)))
}

async function administrator(auth: Auth, email: string): Promise<Administrator> {
  await auth.createUser({ email, password: PASSWORD, roles: ['user', 'admin'] })
  const { user, accessToken } = await auth.login({ identifier: email, password: PASSWORD })
  return { id: user.id, email, principal: await auth.authenticate(accessToken) }
}

/** Those of them who administrate still, and those who bear a mark. */
export async function remaining(store: Store, all: readonly Administrator[]) {
  const users = await Promise.all(all.map(({ id }) => store.users.find(id)))
  const active = users.filter((user) => user?.status === 'active' && user.roles.includes('admin'))
  const marked = active.filter((user) => user?.leavingAdmin && user.deleteAfter === null)
  return { active: active.length, marked: marked.length }
}

/** Gives all of them these roles, behind the back of the flows: the next race is to have administrators of its own. */
export async function assign(
  store: Store,
  all: readonly Administrator[],
  roles: readonly string[],
): Promise<void> {
  for (const { id } of all) {
    const user = await store.users.find(id)
    if (user !== null) await store.users.update(id, user.version, { roles: [...roles] })
  }
}
