import type { Store } from '@latchkey/core'

/** Opens a new, empty store for the test that runs, and closes it when the test ends. */
export type OpenStore = () => Promise<Store>
