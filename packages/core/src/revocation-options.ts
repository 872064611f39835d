import * as z from 'zod'
import type { RevocationPush } from './revocation-push.ts'

/** How nodes hear what other nodes revoked. Each asks the store once a second, whatever stands here. */
export interface RevocationOptions {
  /**
   * Tells all nodes at once, such as `postgresPush` of `@latchkey/sql-store` or `redisPush` of `@latchkey/core/redis`.
   * @default none
   */
  readonly push?: RevocationPush | undefined
}

/** The schema of the option `revocation`. */
export function revocationSchema() {
  return z
    .strictObject(
      {
        push: z
          .custom<RevocationPush>(
            isPush,
            'must be a push channel, such as postgresPush({ postgres: pool })',
          )
          .optional(),
      },
      'must be an object such as { push: postgresPush({ postgres: pool }) }',
    )
    .prefault({})
}

function isPush(value: unknown): boolean {
  const { announce, listen }: Partial<Record<string, unknown>> = Object(value)
  return typeof announce === 'function' && typeof listen === 'function'
}
