import type { AuthOptions, Principal, RecordedEvent, User } from '@latchkey/core'
import { PASSWORD, type Setup, setUp } from './setup.ts'

/** Roles between which rank makes a difference, with permissions for those in the middle. */
export const ranked = {
  roles: ['user', 'staff', 'manager', 'admin'],
  permissions: {
    staff: ['users:read', 'users:write'],
    manager: ['users:read', 'users:write', 'users:roles', 'users:impersonate'],
  },
} as const satisfies Partial<AuthOptions>

/** Somebody with an account, logged in. */
export interface Member {
  readonly id: string
  readonly email: string
  readonly principal: Principal
  readonly accessToken: string
  readonly refreshToken: string
}

/** Logs in whoever has the address. */
export async function memberOf({ auth }: Setup, email: string): Promise<Member> {
  const session = await auth.login({ identifier: email, password: PASSWORD })
  const { accessToken, refreshToken, user } = session
  return {
    id: user.id,
    email,
    principal: await auth.authenticate(accessToken),
    accessToken,
    refreshToken,
  }
}

/** Makes an account with these roles, and logs it in. */
export async function enlist(
  setup: Setup,
  name: string,
  roles: readonly string[],
): Promise<Member> {
  const email = `${name}@example.com`
  await setup.auth.createUser({ email, password: PASSWORD, roles: [...roles] })
  return memberOf(setup, email)
}

/** A setup with an administrator, a manager, a member of staff and a user. */
export async function office(options: Partial<AuthOptions> = {}) {
  const setup = setUp({ ...ranked, ...options })
  return {
    setup,
    root: await enlist(setup, 'root', ['admin']),
    max: await enlist(setup, 'max', ['manager']),
    sam: await enlist(setup, 'sam', ['staff']),
    ada: await enlist(setup, 'ada', ['user']),
  }
}

/** The record of that id. Fails when there is none. */
export async function userOf({ store }: Pick<Setup, 'store'>, id: string): Promise<User> {
  const user = await store.users.find(id)
  if (user === null) throw new Error('there is no such user')
  return user
}

/** Every record of a user that is not deleted, or of those who have the role. */
export function allUsers(
  { store }: Pick<Setup, 'store'>,
  role: string | null = null,
): Promise<readonly User[]> {
  return store.users.list({
    limit: 100,
    sort: 'createdAt',
    order: 'ascending',
    after: null,
    prefix: null,
    status: null,
    role,
    createdFrom: null,
    createdBefore: null,
  })
}

/** Waits for what no answer waits for, and resolves the events of that type. */
export async function eventsOf<Type extends RecordedEvent['type']>(
  { auth, events }: Setup,
  type: Type,
): Promise<readonly Extract<RecordedEvent, { readonly type: Type }>[]> {
  await auth.close()
  return events.filter(
    (event): event is Extract<RecordedEvent, { readonly type: Type }> => event.type === type,
  )
}

/** The kinds of message that went to an address, when all are out. */
export async function sentTo({ auth, outbox }: Setup, address: string): Promise<readonly string[]> {
  await auth.close()
  return outbox.messages.filter(({ to }) => to === address).map(({ kind }) => kind)
}
