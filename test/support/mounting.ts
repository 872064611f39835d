import type { Auth } from '@latchkey/core'
import type { RunningHost } from './running-host.ts'

/** How a host mounts the router. */
export interface Mounting {
  /** `/`, or `/api/auth`. */
  readonly mount: string
  /** Whether a body parser of the host's stands before the router. Else it stands behind. */
  readonly parsesFirst: boolean
}

/** Serves the auth as {@link Host} says, until it is closed. */
export type Serve = (auth: Auth, mounting: Mounting) => Promise<RunningHost>
