import type { VerifiedToken } from '../context.ts'

/** How much may be kept. */
export interface TokenCapacity {
  readonly tokens: number
  /** Of all tokens together. */
  readonly bytes: number
}

/** A token that is remembered. */
interface RememberedToken extends VerifiedToken {
  /** The position at which it was last found to stand: as long as nothing more is heard, it does. `-1` before that. */
  stoodAt: number
}

/** What is known of a token: in a list, in the order in which they came, and in a bucket. */
interface Entry extends RememberedToken {
  readonly token: string
  wasUsed: boolean
  newer: Entry | null
  older: Entry | null
  nextInBucket: Entry | null
}

/**
 * Access tokens that need not be verified again, by the whole token: there is one spelling of it. Full, it drops what was
 * not used since it last looked (SIEVE, Zhang et al., NSDI 2024): a hit moves nothing, and tokens that are used once
 * push out no others.
 *
 * A hash table of its own, by some characters of the signature, which nobody chooses: a `Map` would hash all of a token,
 * anew for each request, which takes longer than everything else that is done for one.
 */
export class VerifiedTokens {
  readonly #capacity: TokenCapacity
  /** As many as there may be tokens, or up to twice that; none before the first token. */
  #buckets: (Entry | null)[] = []
  #size = 0
  #bytes = 0
  #newest: Entry | null = null
  #oldest: Entry | null = null
  /** Where it looks next for one to drop. */
  #hand: Entry | null = null
  /** Where it looks next for one that has expired. */
  #broom: Entry | null = null

  constructor(capacity: TokenCapacity) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#size
  }

  /** `undefined` for what is not here. What has expired at `now`, in milliseconds since 1970, is gone. */
  get(token: string, now: number): RememberedToken | undefined {
    const entry = this.#find(token)
    if (entry === null) return undefined
    if (hasExpired(entry, now)) {
      this.#remove(entry)
      return undefined
    }
    if (!entry.wasUsed) entry.wasUsed = true
    return entry
  }

  set(token: string, verified: VerifiedToken): void {
    this.delete(token)
    if (token.length > this.#capacity.bytes) return
    while (this.#isFull(token.length)) this.#evict()
    const { principal, expiresAt, credentialEpoch, claimsVersion, since } = verified
    const entry: Entry = {
      token,
      principal,
      expiresAt,
      credentialEpoch,
      claimsVersion,
      since,
      stoodAt: -1,
      wasUsed: false,
      newer: null,
      older: this.#newest,
      nextInBucket: null,
    }
    if (this.#newest !== null) this.#newest.newer = entry
    this.#newest = entry
    this.#oldest ??= entry
    this.#addToBucket(entry)
    this.#size += 1
    this.#bytes += token.length
  }

  delete(token: string): void {
    const entry = this.#find(token)
    if (entry !== null) this.#remove(entry)
  }

  clear(): void {
    this.#buckets = []
    this.#size = this.#bytes = 0
    this.#newest = this.#oldest = this.#hand = this.#broom = null
  }

  /** Drops those of the next `count` that have expired at `now`: no token is kept for much longer than it lives. */
  sweep(now: number, count: number): void {
    for (let left = Math.min(count, this.size); left > 0; left -= 1) {
      const entry = this.#broom ?? this.#oldest
      if (entry === null) return
      this.#broom = entry.newer
      if (hasExpired(entry, now)) this.#remove(entry)
    }
  }

  #isFull(length: number): boolean {
    return this.size >= this.#capacity.tokens || this.#bytes + length > this.#capacity.bytes
  }

  #evict(): void {
    let entry = this.#hand ?? this.#oldest
    while (entry?.wasUsed) {
      entry.wasUsed = false
      entry = entry.newer ?? this.#oldest
    }
    this.#hand = entry
    if (entry !== null) this.#remove(entry)
  }

  #remove(entry: Entry): void {
    this.#takeFromBucket(entry)
    this.#size -= 1
    this.#bytes -= entry.token.length
    if (this.#hand === entry) this.#hand = entry.newer
    if (this.#broom === entry) this.#broom = entry.newer
    if (entry.newer === null) this.#newest = entry.older
    else entry.newer.older = entry.older
    if (entry.older === null) this.#oldest = entry.newer
    else entry.older.newer = entry.newer
  }

  #find(token: string): Entry | null {
    let entry = this.#buckets[this.#bucketOf(token)] ?? null
    while (entry !== null && entry.token !== token) entry = entry.nextInBucket
    return entry
  }

  #addToBucket(entry: Entry): void {
    if (this.#buckets.length === 0) {
      const many = 2 ** Math.ceil(Math.log2(this.#capacity.tokens))
      this.#buckets = new Array(many).fill(null)
    }
    const bucket = this.#bucketOf(entry.token)
    entry.nextInBucket = this.#buckets[bucket] ?? null
    this.#buckets[bucket] = entry
  }

  #takeFromBucket(entry: Entry): void {
    const bucket = this.#bucketOf(entry.token)
    let one = this.#buckets[bucket] ?? null
    if (one === entry) this.#buckets[bucket] = entry.nextInBucket
    while (one !== null && one.nextInBucket !== entry) one = one.nextInBucket
    if (one !== null) one.nextInBucket = entry.nextInBucket
  }

  #bucketOf(token: string): number {
    return markOf(token) & (this.#buckets.length - 1)
  }
}

function hasExpired({ expiresAt }: VerifiedToken, now: number): boolean {
  return expiresAt * 1000 <= now
}

/** A number made of six characters of the signature; the last one has bits that mean nothing. */
function markOf(token: string): number {
  const end = token.length - 1
  let mark = 0
  for (let at = Math.max(0, end - 6); at < end; at += 1) {
    mark = (Math.imul(mark, 31) + token.charCodeAt(at)) | 0
  }
  return mark
}
