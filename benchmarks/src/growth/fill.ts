import type { Plan } from './plan.ts'

/** What became of a database that was filled. */
export interface Filled {
  readonly megabytes: number
  /** The cache that the database works with. */
  readonly cache: string
}

/** Adds all records of the plan to tables that hold those of its first user, and lets the database count them. */
export type Fill = (url: string, plan: Plan) => Promise<Filled>
