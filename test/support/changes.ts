import type { User, UserPatch } from '@latchkey/core'
import { expect } from 'vitest'
import { PASSWORD, type Setup } from './setup.ts'

/** Changes the user in the store, as an administrator's flow would. */
export async function changeUser(
  { store }: Setup,
  id: string,
  patchFor: (user: User) => UserPatch,
): Promise<void> {
  const user = await store.users.find(id)
  if (user === null) throw new Error('there is no such user')
  expect(await store.users.update(id, user.version, patchFor(user))).not.toBeNull()
}

/** Another session of the account, with a name for its device. */
export function loginAgain({ auth }: Setup, identifier = 'ada@example.com', name = 'another') {
  return auth.login({ identifier, password: PASSWORD, device: { name } })
}
