import * as z from 'zod'
import { type Allowance, type LimitName, type LimitRule, limitTable } from '../limit-table.ts'
import { DAY, type Seconds } from '../time.ts'
import type { MakeLimiter } from './limiter.ts'

/** How often somebody may try something. `docs/limits.md` has the table of all rules. */
export interface LimitOptions {
  /** Other numbers for some of the rules: `{ logins: { points: 10 } }`. @default those of the table */
  readonly rules?:
    | {
        readonly [Name in LimitName]?:
          | { readonly points?: number | undefined; readonly window?: Seconds | undefined }
          | undefined
      }
    | undefined
  /**
   * Makes the limiter of each rule, where several processes are to count together:
   * `(options) => new RateLimiterRedis({ ...options, storeClient: redis })`, or any other backend of the package
   * rate-limiter-flexible. While the backend is down each process counts by itself. @default in memory
   */
  readonly limiter?: MakeLimiter | undefined
  /** Limits nothing: for tests that log in a hundred times. Never for real accounts. @default false */
  readonly dangerouslyOff?: boolean | undefined
}

const MAX_POINTS = 1_000_000

/** The schema of the option `limits`. */
export function limitsSchema() {
  const names = Object.keys(limitTable) as LimitName[]
  const rules = names.map((name) => [name, ruleSchema(limitTable[name]).prefault({})])
  return z
    .strictObject(
      {
        // Each name has a schema of the same kind.
        rules: z
          .strictObject(
            Object.fromEntries(rules) as Record<LimitName, ReturnType<typeof ruleSchema>>,
            'must be an object such as { logins: { points: 10 } }',
          )
          .prefault({} as Record<LimitName, Partial<Allowance>>),
        limiter: z
          .custom<MakeLimiter>(
            (value) => typeof value === 'function',
            'must be a function that makes a limiter, such as (options) => new RateLimiterRedis({ ...options, storeClient })',
          )
          .optional(),
        dangerouslyOff: z.boolean('must be true or false').default(false),
      },
      'must be an object such as { rules: { logins: { points: 10 } } }',
    )
    .prefault({})
}

/** The option, with every default filled in. */
export type ParsedLimits = z.output<ReturnType<typeof limitsSchema>>

function ruleSchema({ points, window, maxPoints = MAX_POINTS }: LimitRule) {
  return z.strictObject(
    {
      points: whole(maxPoints, '').default(points),
      window: whole(DAY, ' of seconds').default(window),
    },
    'must be an object such as { points: 10, window: 900 }',
  )
}

function whole(max: number, unit: string) {
  const message = `must be a whole number${unit} from 1 to ${max}`
  return z.int(message).min(1, message).max(max, message)
}
