import { createHmac, hkdfSync } from 'node:crypto'
import type { Auth, Client, ShownTokens } from '@latchkey/core'
import { SECRET } from './setup.ts'

/** The parts of an access token, taken apart without any check. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

export function partsOf(token: string): TokenParts {
  const [header = '', claims = ''] = token.split('.')
  const read = (segment: string) => JSON.parse(Buffer.from(segment, 'base64url').toString())
  return { header: read(header), claims: read(claims) }
}

/** What signs access tokens under the secret. */
export function accessSecret(secret: string = SECRET): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'latchkey/1 access token', 32))
}

/** Signs whatever it is given as a compact JWS. */
export function signed(
  header: object,
  claims: object | string,
  key: Uint8Array | string = accessSecret(),
): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims)
  const segments = [JSON.stringify(header), payload].map((text) =>
    Buffer.from(text).toString('base64url'),
  )
  const input = segments.join('.')
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

/** The refresh token with another MAC: right in everything but that nobody could make it. */
export function forgedRefreshToken(token: string, generation?: number): string {
  const [prefix, key, session, own] = token.split('.')
  return [prefix, key, session, generation ?? own, 'A'.repeat(43)].join('.')
}

/** Refreshes with the refresh token of the pair. */
export function renew(
  auth: Auth,
  { refreshToken }: Pick<ShownTokens, 'refreshToken'>,
  client?: Client,
): Promise<ShownTokens> {
  return auth.refresh({ refreshToken }, client)
}

/** The generation that a refresh token says it is of. */
export function generationOf({ refreshToken }: Pick<ShownTokens, 'refreshToken'>): number {
  return Number(refreshToken.split('.')[3])
}
