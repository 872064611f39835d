import { setImmediate as immediate } from 'node:timers/promises'

/** One measurement: a figure for each name. */
export type Figures = Readonly<Record<string, number>>

/**
 * The figures of each measurement, round by round. The measurements take turns, so that what else the machine does
 * meanwhile falls on all of them alike. A first round warms up and does not count.
 */
export async function inTurn<Name extends string, F extends Figures>(
  rounds: number,
  measurements: Readonly<Record<Name, () => Promise<F>>>,
): Promise<Record<Name, readonly F[]>> {
  const names = Object.keys(measurements) as Name[] // it has no others
  const taken = names.map((name) => ({ name, figures: [] as F[] }))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, figures } of taken) {
      const measured = await measurements[name]()
      if (round > 0) figures.push(measured)
    }
  }
  const entries = taken.map(({ name, figures }) => [name, figures])
  return Object.fromEntries(entries) as Record<Name, readonly F[]> // the same names
}

/** The medians of each measurement's figures over so many rounds, by turns as in {@link inTurn}. */
export async function medians<Name extends string, F extends Figures>(
  rounds: number,
  measurements: Readonly<Record<Name, () => Promise<F>>>,
): Promise<Record<Name, F>> {
  const taken = await inTurn(rounds, measurements)
  const names = Object.keys(taken) as Name[] // it has no others
  const entries = names.map((name) => [name, mediansOf(taken[name])])
  return Object.fromEntries(entries) as Record<Name, F> // the same names
}

function mediansOf<F extends Figures>(all: readonly F[]): F {
  const names = Object.keys(all[0] ?? {})
  const entries = names.map((name) => [name, median(all.map((figures) => figures[name] ?? 0))])
  return Object.fromEntries(entries) as F // the same names
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}

/** What so many of a hundred figures do not exceed. */
export function percentile(figures: readonly number[], percent: number): number {
  const sorted = figures.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0
}

// The event loop turns so often, as in any server: work that never waits would hold up the revocation feed until memory
// is no longer relied on.
const TURN_MS = 10

/** How often a second some work gets done when so many of it are always under way. */
export async function rateOf(
  seconds: number,
  inParallel: number,
  work: () => Promise<unknown>,
): Promise<{ readonly perSecond: number }> {
  const start = performance.now()
  const end = start + seconds * 1000
  let done = 0
  let turnedAt = start
  const worker = async () => {
    for (let now = start; now < end; now = performance.now()) {
      await work()
      done += 1
      if (now - turnedAt < TURN_MS) continue
      turnedAt = now
      await immediate()
    }
  }
  await Promise.all(Array.from({ length: inParallel }, worker))
  return { perSecond: (done * 1000) / (performance.now() - start) }
}

/** The median of a figure, and of what it is to the first measurement's figure in the same round. */
export interface Compared {
  readonly value: number
  readonly ratio: number
}

/** Lets measurements of one figure take turns, and compares each with the first. The first round does not count. */
export async function compareInTurn(
  rounds: number,
  measurements: readonly (() => Promise<number>)[],
): Promise<Compared[]> {
  const taken: number[][] = []
  for (let round = 0; round <= rounds; round += 1) {
    const values: number[] = []
    for (const measurement of measurements) values.push(await measurement())
    if (round > 0) taken.push(values)
  }
  return measurements.map((_, at) => ({
    value: median(taken.map((values) => values[at] ?? 0)),
    ratio: median(taken.map((values) => (values[at] ?? 0) / (values[0] ?? 1))),
  }))
}
