import type { OneTimeToken, OneTimeTokenStore, PruneLimits, TokenPurpose } from '@latchkey/core'
import { newestFirst } from './newest-first.ts'

type Place = Pick<OneTimeToken, 'userId' | 'purpose' | 'slot'>

/** The one-time tokens, one for each user, purpose and slot. */
export class OneTimeTokenTable implements OneTimeTokenStore {
  readonly #tokens = new Map<string, OneTimeToken>()
  readonly #placesByLink = new Map<string, string>()
  readonly #placesByUser = new Map<string, Set<string>>()

  async put(token: OneTimeToken): Promise<number> {
    const place = placeOf(token)
    const old = this.#tokens.get(place)
    const left = live(old, token.createdAt)?.attemptsLeft ?? token.attemptsLeft
    if (old !== undefined) this.#remove(old)
    const attemptsLeft = Math.min(left, token.attemptsLeft)
    this.#tokens.set(place, structuredClone({ ...token, attemptsLeft }))
    this.#placesByLink.set(token.linkHash, place)
    const places = this.#placesByUser.get(token.userId) ?? new Set()
    this.#placesByUser.set(token.userId, places.add(place))
    return attemptsLeft
  }

  async find(linkHash: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null> {
    return structuredClone(this.#findByLink(linkHash, purpose, now))
  }

  async list(
    userId: string,
    purpose: TokenPurpose,
    now: Date,
    limit: number,
  ): Promise<readonly OneTimeToken[]> {
    const found = [...(this.#placesByUser.get(userId) ?? [])]
      .flatMap((place) => this.#tokens.get(place) ?? [])
      .filter((token) => token.purpose === purpose)
      .filter((token) => live(token, now) !== null)
      .sort(newestFirst)
    return structuredClone(found.slice(0, limit))
  }

  async take(linkHash: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null> {
    const token = this.#findByLink(linkHash, purpose, now)
    if (token !== null) this.#remove(token)
    return token
  }

  async tryCode(userId: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null> {
    const place = placeOf({ userId, purpose, slot: '' })
    const token = live(this.#tokens.get(place), now)
    if (token === null || token.codeHash === null || token.attemptsLeft < 1) return null
    if (token.codeExpiresAt === null || token.codeExpiresAt <= now) return null
    const tried = { ...token, attemptsLeft: token.attemptsLeft - 1 }
    this.#tokens.set(place, tried)
    return structuredClone(tried)
  }

  prune({ now }: PruneLimits): number {
    const gone = [...this.#tokens.values()].filter(({ expiresAt }) => expiresAt < now)
    for (const token of gone) this.#remove(token)
    return gone.length
  }

  #findByLink(linkHash: string, purpose: TokenPurpose, now: Date): OneTimeToken | null {
    const token = live(this.#tokens.get(this.#placesByLink.get(linkHash) ?? ''), now)
    return token?.purpose === purpose ? token : null
  }

  #remove(token: OneTimeToken): void {
    this.#tokens.delete(placeOf(token))
    this.#placesByLink.delete(token.linkHash)
    const places = this.#placesByUser.get(token.userId)
    places?.delete(placeOf(token))
    if (places?.size === 0) this.#placesByUser.delete(token.userId)
  }
}

function placeOf({ userId, purpose, slot }: Place): string {
  return JSON.stringify([userId, purpose, slot])
}

function live(token: OneTimeToken | undefined, now: Date): OneTimeToken | null {
  return token !== undefined && now < token.expiresAt ? token : null
}
