import { type Bar, barChart } from '../chart.ts'
import { table } from '../markdown.ts'
import type { Candidate } from './candidates.ts'
import type { Load } from './route-process.ts'

/** What one way to guard a route came to, with one session and with a thousand in turn. */
export interface Outcome extends Pick<Candidate, 'name' | 'base' | 'revocation'> {
  readonly one: Measured
  readonly many: Measured
}

/** The medians of all rounds. */
export interface Measured extends Load {
  /** To the bare route in the same round. */
  readonly share: number
  /** The smallest and the largest. */
  readonly shares: readonly [number, number]
}

const SUMMARY_HEAD = [
  'a guarded route',
  'throughput to the bare route',
  'with 1,000 sessions in turn',
  'store queries a request',
  'a logout ends it',
]

// What a reader would compare; the whole table stands with the other results.
const SUMMARISED = [
  'Latchkey, Express',
  'Latchkey, Koa',
  'Latchkey, cookies',
  'Latchkey strict, PostgreSQL',
  'express-jwt, prepared key',
  'passport-jwt, prepared key',
  'express-session + Passport, in memory',
  'express-session + Passport, PostgreSQL',
  'better-auth, in memory',
  'better-auth, SQLite',
  'better-auth, SQLite and cookie cache',
]

function summarised(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ name }) => SUMMARISED.includes(name))
}

/** The table of the README. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const rows = summarised(outcomes).map(({ name, one, many, revocation }) => [
    name,
    `${Math.round(one.share * 100)} %`,
    `${Math.round(many.share * 100)} %`,
    many.queries.toFixed(0),
    revocation,
  ])
  return table(SUMMARY_HEAD, rows)
}

/** The chart of the README. */
export function chartOf(outcomes: readonly Outcome[]): string {
  const bars: Bar[] = summarised(outcomes).map(({ name, many }) => ({
    name,
    value: many.share,
    label: `${Math.round(many.share * 100)} %`,
    isOurs: name.startsWith('Latchkey'),
  }))
  const title =
    'Throughput of a guarded route, 1,000 sessions in turn, as a share of the bare route'
  return barChart(title, bars, 1)
}
