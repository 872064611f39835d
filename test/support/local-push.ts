import type { RevocationPush } from '@latchkey/core'

/** Tells all nodes of this process. */
export function localPush(): RevocationPush {
  const ears = new Set<() => void>()
  return {
    announce: async () => {
      for (const wake of ears) wake()
    },
    listen(wake) {
      ears.add(wake)
      return async () => void ears.delete(wake)
    },
  }
}
