import type { VerifiedToken } from '../context.ts'

/** How much may be kept. */
export interface TokenCapacity {
  readonly tokens: number
  /** Of all tokens together. */
  readonly bytes: number
}

/** In a list, in the order in which they came. */
interface Entry {
  readonly token: string
  readonly mark: number
  readonly verified: VerifiedToken
  wasUsed: boolean
  newer: Entry | null
  older: Entry | null
  /** Another one with the same mark. */
  sameMark: Entry | null
}

/**
 * Access tokens that need not be verified again, by the whole token: there is one spelling of it. Full, it drops what was
 * not used since it last looked (SIEVE, Zhang et al., NSDI 2024): a hit moves nothing, and tokens that are used once
 * push out no others.
 */
export class VerifiedTokens {
  readonly #entries = new Map<number, Entry>()
  readonly #capacity: TokenCapacity
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
  get(token: string, now: number): VerifiedToken | undefined {
    const entry = this.#find(token)
    if (entry === null) return undefined
    if (entry.verified.expiresAt <= now) {
      this.#remove(entry)
      return undefined
    }
    entry.wasUsed = true
    return entry.verified
  }

  set(token: string, verified: VerifiedToken): void {
    this.delete(token)
    if (token.length > this.#capacity.bytes) return
    while (this.#isFull(token.length)) this.#evict()
    const mark = markOf(token)
    const entry: Entry = {
      token,
      mark,
      verified,
      wasUsed: false,
      newer: null,
      older: this.#newest,
      sameMark: this.#entries.get(mark) ?? null,
    }
    if (this.#newest !== null) this.#newest.newer = entry
    this.#newest = entry
    this.#oldest ??= entry
    this.#entries.set(mark, entry)
    this.#size += 1
    this.#bytes += token.length
  }

  delete(token: string): void {
    const entry = this.#find(token)
    if (entry !== null) this.#remove(entry)
  }

  clear(): void {
    this.#entries.clear()
    this.#size = this.#bytes = 0
    this.#newest = this.#oldest = this.#hand = this.#broom = null
  }

  /** Drops those of the next `count` that have expired at `now`: no token is kept for much longer than it lives. */
  sweep(now: number, count: number): void {
    for (let left = Math.min(count, this.size); left > 0; left -= 1) {
      const entry = this.#broom ?? this.#oldest
      if (entry === null) return
      this.#broom = entry.newer
      if (entry.verified.expiresAt <= now) this.#remove(entry)
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

  #find(token: string): Entry | null {
    let entry = this.#entries.get(markOf(token)) ?? null
    while (entry !== null && entry.token !== token) entry = entry.sameMark
    return entry
  }

  #remove(entry: Entry): void {
    this.#unmark(entry)
    this.#size -= 1
    this.#bytes -= entry.token.length
    if (this.#hand === entry) this.#hand = entry.newer
    if (this.#broom === entry) this.#broom = entry.newer
    if (entry.newer === null) this.#newest = entry.older
    else entry.newer.older = entry.older
    if (entry.older === null) this.#oldest = entry.newer
    else entry.older.newer = entry.newer
  }

  #unmark(entry: Entry): void {
    const first = this.#entries.get(entry.mark)
    if (first !== entry) {
      let one = first
      while (one !== undefined && one.sameMark !== entry) one = one.sameMark ?? undefined
      if (one !== undefined) one.sameMark = entry.sameMark
    } else if (entry.sameMark !== null) this.#entries.set(entry.mark, entry.sameMark)
    else this.#entries.delete(entry.mark)
  }
}

/**
 * A number by which to find a token: six characters of its signature, which nobody chooses. A `Map` by the token would
 * hash all of it, anew for each request, which takes longer than everything else that is done for one.
 */
function markOf(token: string): number {
  // The last character has bits that mean nothing.
  const end = token.length - 1
  let mark = 0
  for (let at = Math.max(0, end - 6); at < end; at += 1) {
    mark = (mark << 5) ^ token.charCodeAt(at)
  }
  return mark
}
