import type { Population } from './population.ts'

/** Calls a flow so often, each time for another user, and resolves how many microseconds a call takes. */
export type MeasuredFlow = (population: Population, calls: number) => Promise<number>

// Reads are short: so many for each write, that a round is long enough to be measured.
export const READS = 4

/** So many different numbers below the size, by chance. */
export function chosen(size: number, howMany: number): number[] {
  const numbers = new Set<number>()
  while (numbers.size < howMany) numbers.add(Math.floor(Math.random() * size))
  return [...numbers]
}

/** `finish` counts as well: what no answer waits for has its cost too. */
export async function microsecondsEach<Input>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<unknown>,
  finish: () => Promise<void> = async () => {},
): Promise<number> {
  const start = performance.now()
  for (const input of inputs) await work(input)
  await finish()
  return ((performance.now() - start) * 1000) / inputs.length
}
