import type { Standing, VerifiedToken } from './context.ts'
import type { RevokedUser } from './store.ts'

/** What is known of a confirmed token. */
type Verdict = Standing | 'ended' | 'outdated'

interface HeardUser {
  readonly credentialEpoch: number
  readonly claimsVersion: number
  readonly doubtedAt: number
}

const NOTHING_HEARD: HeardUser = { credentialEpoch: 0, claimsVersion: 0, doubtedAt: 0 }

// About 100 bytes each. There may be twice as many.
const CAPACITY = 100_000

/**
 * What was revoked of late, in memory: counters and ids, never times. May forget, at any rate of revocations: what was
 * confirmed before the oldest that it remembers is doubtful.
 */
export class Revocations {
  #position = 0
  #rotatedAt = 0
  #horizon = 0
  #gapAt = 0
  #sessions = new Set<string>()
  #olderSessions = new Set<string>()
  #users = new Map<string, HeardUser>()
  #olderUsers = new Map<string, HeardUser>()
  readonly #capacity: number

  /** @param capacity How many are remembered at least. */
  constructor(capacity: number = CAPACITY) {
    this.#capacity = capacity
  }

  /** How much was heard so far: whatever the store is asked from now on, its answer reckons with all of that. */
  get position(): number {
    return this.#position
  }

  verdictOn(token: VerifiedToken): Verdict {
    const { user, session } = token.principal
    if (this.#hasEnded(session.id)) return 'ended'
    const { credentialEpoch, claimsVersion, doubtedAt } = this.#heardOf(user.id)
    if (credentialEpoch > token.credentialEpoch) return 'ended'
    if (claimsVersion > token.claimsVersion) return 'outdated'
    if (Math.max(doubtedAt, this.#horizon) > token.since) return 'doubtful'
    return this.#gapAt > token.since ? 'unheard' : 'stands'
  }

  endSession(id: string): void {
    if (this.#hasEnded(id)) return
    this.#advance()
    this.#sessions.add(id)
  }

  changeUser({ id, credentialEpoch, claimsVersion }: RevokedUser): void {
    const heard = this.#heardOf(id)
    if (heard.credentialEpoch >= credentialEpoch && heard.claimsVersion >= claimsVersion) return
    this.#advance()
    this.#users.set(id, {
      credentialEpoch: Math.max(heard.credentialEpoch, credentialEpoch),
      claimsVersion: Math.max(heard.claimsVersion, claimsVersion),
      doubtedAt: heard.doubtedAt,
    })
  }

  /** Some sessions of the user have ended, and it is not known which. */
  doubtUser(id: string): void {
    this.#advance()
    this.#users.set(id, { ...this.#heardOf(id), doubtedAt: this.#position })
  }

  /** What was revoked up to now may not be heard any more. */
  beginAnew(): void {
    this.#position += 1
    this.#gapAt = this.#position
  }

  #hasEnded(id: string): boolean {
    return this.#sessions.has(id) || this.#olderSessions.has(id)
  }

  #heardOf(id: string): HeardUser {
    return this.#users.get(id) ?? this.#olderUsers.get(id) ?? NOTHING_HEARD
  }

  #advance(): void {
    if (this.#sessions.size + this.#users.size >= this.#capacity) this.#rotate()
    this.#position += 1
  }

  #rotate(): void {
    this.#horizon = Math.max(this.#horizon, this.#rotatedAt)
    this.#rotatedAt = this.#position
    this.#olderSessions = this.#sessions
    this.#olderUsers = this.#users
    this.#sessions = new Set()
    this.#users = new Map()
  }
}
