/** A duration in whole seconds. */
export type Seconds = number

export const MINUTE: Seconds = 60
export const HOUR: Seconds = 60 * MINUTE
export const DAY: Seconds = 24 * HOUR

export function after(start: Date, seconds: Seconds): Date {
  return new Date(start.getTime() + seconds * 1000)
}

export function before(end: Date, seconds: Seconds): Date {
  return after(end, -seconds)
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}

/** Whole seconds since 1970, rounded down: a NumericDate (RFC 7519, section 2). */
export function numericDate(date: Date): Seconds {
  return Math.floor(date.getTime() / 1000)
}
