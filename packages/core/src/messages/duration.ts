import { DAY, HOUR, MINUTE, type Seconds } from '../time.ts'

const units: readonly (readonly [unit: string, length: Seconds])[] = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
]

// A message is written a moment after what it tells of: a link of 30 minutes would be said to work for 29.
const MOMENT: Seconds = 5

/**
 * The time between two dates in words, such as `30 minutes`, `24 hours` or `7 days`: in the largest unit of which there
 * are two, and never more than there is, but for a moment.
 */
export function durationInWords(locale: string, from: Date, until: Date): string {
  const length = (until.getTime() - from.getTime()) / 1000 + MOMENT
  const [unit, size] = units.find(([, size]) => length >= 2 * size) ?? ['minute', MINUTE]
  const count = Math.max(1, Math.floor(length / size))
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}
