import { randomBytes, randomInt } from 'node:crypto'

/** A UUID of version 7 (RFC 9562, section 5.7): 48 bits of time, 74 random bits. */
export function newId(now: Date): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now.getTime(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const MAX_SEQUENCE = 0xfff

/**
 * Makes ids that are in the order in which they were made, also within a millisecond: 12 of the random bits count
 * (RFC 9562, section 6.2, method 1). More than 4096 of them are in any order.
 */
export function idsInOrder(): (now: Date) => string {
  let last = { time: Number.NaN, sequence: 0 }
  return (now) => {
    const time = now.getTime()
    const sequence = time === last.time ? Math.min(last.sequence + 1, MAX_SEQUENCE) : 0
    last = { time, sequence }
    return newId(now).replace(/-7.{3}-/, `-7${sequence.toString(16).padStart(3, '0')}-`)
  }
}

/** Whether the text has the form of an id: what comes from outside reaches no store otherwise. */
export function isId(text: string): boolean {
  return typeof text === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

/** Random bytes in base64url. 32 bytes make 43 characters. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}

/** Decimal digits, each equally likely, leading zeros kept. */
export function randomDigits(length: number): string {
  return randomInt(10 ** length)
    .toString()
    .padStart(length, '0')
}
