/** Text and dates, compared from the left: dates by time (up to the year 9999), text byte for byte in UTF-8. */
export type Key = readonly (string | Date)[]

/** Which of the keys that begin alike. */
export interface Range {
  /** Only those whose next part is this time or later. */
  readonly from?: Date | null
  /** Only those whose next part is a time before this. */
  readonly before?: Date | null
  /** Only those whose next part begins with this text. */
  readonly prefix?: string
  readonly backwards?: boolean
  /** The next parts of the key to start at; where there is none, the one that comes next is the first. */
  readonly start?: Key | null
}

/** LMDB refuses longer keys, and what is asked for may be any text. */
const LONGEST = 1978

export function isTooLong(bytes: Buffer): boolean {
  return bytes.length > LONGEST
}

/** Bytes that compare as the keys do. Each part has an end, so that none is taken for part of another. */
export function bytesOf(key: Key): Buffer {
  return Buffer.from(key.map((part) => `${textOf(part)}\0`).join(''))
}

/** Negative if the first comes before the second. */
export function compareKeys(one: Key, other: Key): number {
  return Buffer.compare(bytesOf(one), bytesOf(other))
}

/** Where LMDB is to begin, and where to end. */
export function boundsOf(
  beginning: Key,
  { from, before, prefix = '', backwards = false, start }: Range,
) {
  const bytes = (...next: Key) => bytesOf([...beginning, ...next])
  const common = Buffer.concat([bytes(), Buffer.from(textOf(prefix))])
  const lows: Buffer[] = [common]
  const highs: Buffer[] = [behind(common)]
  if (from) lows.push(bytes(from))
  if (before) highs.push(bytes(before))
  if (start && !backwards) lows.push(bytes(...start))
  if (start && backwards) highs.push(behind(bytes(...start)))
  const low = lows.reduce(later).subarray(0, LONGEST)
  const high = highs.reduce(earlier).subarray(0, LONGEST)
  const [first, end] = backwards ? [high, low] : [low, high]
  return { start: first, end, reverse: backwards, inclusiveEnd: backwards }
}

/** Behind all keys that begin so: no text in UTF-8 has this byte. */
function behind(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.of(0xff)])
}

function later(one: Buffer, other: Buffer): Buffer {
  return Buffer.compare(one, other) > 0 ? one : other
}

function earlier(one: Buffer, other: Buffer): Buffer {
  return Buffer.compare(one, other) < 0 ? one : other
}

/** Control characters, one of which ends a part, and halves of characters, which UTF-8 does not have. */
const UNUSUAL = /[^ -\ud7ff\ue000-\u{10ffff}]/gu

function textOf(part: string | Date): string {
  if (part instanceof Date) return part.toISOString()
  return part.replace(
    UNUSUAL,
    (unit) => `\u0001${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
