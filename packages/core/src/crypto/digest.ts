import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'

/** SHA-256 in base64url. Only for secrets of full entropy. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** SHA-1 in upper-case hexadecimal digits: the form in which lists of breached passwords name them, and for nothing else. */
export function sha1Hex(text: string): string {
  return createHash('sha1').update(text).digest('hex').toUpperCase()
}

/** HMAC-SHA-256 over the parts, in base64url. No part may contain the separator `|`. */
export function mac(key: KeyObject, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(parts.join('|')).digest('base64url')
}

/** Compares two strings in a time that depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
