import { randomUUID } from 'node:crypto'
import type { Auth, Store } from '@latchkey/core'
import { PASSWORD } from '../accounts.ts'

/** In which states an account may be. The first is the one that the others must look like. */
export const kinds = ['unknown', 'existing', 'disabled', 'not activated', 'passwordless'] as const

/** The state of an account. */
export type Kind = (typeof kinds)[number]

/** The address of one account of a kind. */
export function addressOf(kind: Kind, number: number): string {
  return `${kind.replace(' ', '-')}-${number}@example.com`
}

/** Makes so many accounts of each kind, but of those that do not exist. Their hashes cost what every hash costs. */
export async function makeAccounts(auth: Auth, store: Store, count: number): Promise<void> {
  const { id } = await auth.createUser({ email: 'model@example.com', password: PASSWORD })
  const model = await store.users.find(id)
  if (model === null) throw new Error('the model is gone')
  const changes = {
    existing: {},
    disabled: { status: 'disabled' },
    passwordless: { passwordHash: null },
  } as const
  for (let number = 0; number < count; number += 1) {
    for (const kind of ['existing', 'disabled', 'passwordless'] as const) {
      const email = addressOf(kind, number)
      const own = { id: randomUUID(), email, emailAsTyped: email }
      await store.users.insert({ ...model, ...changes[kind], ...own })
    }
    await auth.register({ email: addressOf('not activated', number), password: PASSWORD })
  }
  await auth.close()
}
