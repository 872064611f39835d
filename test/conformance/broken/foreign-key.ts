import type { Store } from '@latchkey/core'
import type { Faults } from './broken-store.ts'

/** A one-time token must have a user, as a foreign key would have it. */
export function foreignKey({ users, oneTimeTokens }: Store): Faults {
  return {
    oneTimeTokens: {
      async put(token) {
        if ((await users.find(token.userId)) === null) throw new Error('foreign key')
        return oneTimeTokens.put(token)
      },
    },
  }
}
