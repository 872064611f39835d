/** What two rows of samples say of each other. */
export interface Comparison {
  /** The median of the second less that of the first. */
  readonly difference: number
  /** Between which values that difference lies, with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number]
  /** How often chance alone would set them so far apart, or further. */
  readonly p: number
}

/** Compares two rows of samples, of which nothing is known but that each is of one kind. */
export function compare(first: readonly number[], second: readonly number[]): Comparison {
  return {
    difference: median(second) - median(first),
    interval: medianDifferenceInterval(first, second),
    p: mannWhitney(first, second).p,
  }
}

/**
 * The Mann–Whitney U test, for both directions: by the normal approximation, corrected for ties and for continuity
 * (Mann and Whitney, 1947). `u` is that of the first row.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]) {
  const [m, n] = [first.length, second.length]
  const { ranks, ties } = ranksOf([...first, ...second])
  const rankSum = ranks.slice(0, m).reduce((sum, rank) => sum + rank, 0)
  const u = rankSum - (m * (m + 1)) / 2
  const all = m + n
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)))
  const distance = Math.max(Math.abs(u - (m * n) / 2) - 0.5, 0)
  return { u, p: variance === 0 ? 1 : 2 * upperTail(distance / Math.sqrt(variance)) }
}

/** What is equal shares the ranks that it takes. `ties` is the sum of t³ - t over each row of t equal values. */
function ranksOf(values: readonly number[]): { ranks: readonly number[]; ties: number } {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = values.map(() => 0)
  let ties = 0
  for (let from = 0; from < order.length; ) {
    const value = values[order[from] ?? 0]
    let to = from
    while (to < order.length && values[order[to] ?? 0] === value) to += 1
    for (const index of order.slice(from, to)) ranks[index] = (from + 1 + to) / 2
    ties += (to - from) ** 3 - (to - from)
    from = to
  }
  return { ranks, ties }
}

/** How much of the normal distribution lies beyond so many standard deviations: Abramowitz and Stegun, 26.2.17. */
function upperTail(deviations: number): number {
  const coefficients = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const t = 1 / (1 + 0.2316419 * deviations)
  const density = Math.exp(-(deviations ** 2) / 2) / Math.sqrt(2 * Math.PI)
  return density * coefficients.reduceRight((sum, coefficient) => (sum + coefficient) * t, 0)
}

const RESAMPLES = 1000

/** The bootstrap interval: the middle 95 % of what the difference would be in samples drawn from the samples. */
function medianDifferenceInterval(
  first: readonly number[],
  second: readonly number[],
): readonly [number, number] {
  const differences = Array.from(
    { length: RESAMPLES },
    () => median(redrawn(second)) - median(redrawn(first)),
  ).sort((a, b) => a - b)
  const at = (share: number) => differences[Math.floor(share * (RESAMPLES - 1))] ?? 0
  return [at(0.025), at(0.975)]
}

function redrawn(values: readonly number[]): readonly number[] {
  return values.map(() => values[Math.floor(Math.random() * values.length)] ?? 0)
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}
