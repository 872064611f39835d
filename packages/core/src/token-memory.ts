import type { ErrorListener } from './background.ts'
import type { Standing, TokenMemory, VerifiedToken } from './context.ts'
import { AuthError } from './errors.ts'
import type { Principal } from './principal.ts'
import { Revocations } from './revocation.ts'
import { RevocationFeed } from './revocation-feed.ts'
import type { RevocationPush } from './revocation-push.ts'
import type { Store } from './store.ts'
import { VerifiedTokens } from './tokens/verified-tokens.ts'

interface MemoryParts {
  readonly store: Pick<Store, 'revokedSince'>
  readonly now: () => Date
  readonly report: ErrorListener
  readonly push: RevocationPush | null
}

// About 100 MB at most, with what is kept beside each token.
const CAPACITY = { tokens: 100_000, bytes: 70_000_000 }

// Each second: a token that has expired is gone within two minutes.
const SWEPT_AT_ONCE = 1000

/** The memory of one node, its feed included. */
export class NodeMemory implements TokenMemory {
  readonly #tokens = new VerifiedTokens(CAPACITY)
  readonly heard = new Revocations()
  readonly feed: RevocationFeed
  readonly #now: () => Date
  /** First sights under way, by token. */
  readonly #asking = new Map<string, Promise<Principal>>()

  /** The feed begins with the first token. */
  constructor({ store, now, report, push }: MemoryParts) {
    this.#now = now
    const onTick = () => this.#tokens.sweep(now().getTime(), SWEPT_AT_ONCE)
    this.feed = new RevocationFeed({ store, heard: this.heard, now, report, push, onTick })
  }

  recall(token: string): Principal | null {
    const now = this.#now().getTime()
    if (!this.feed.isFreshAt(now)) {
      this.feed.start()
      return null
    }
    const verified = this.#tokens.get(token, now)
    if (verified === undefined) return null
    const { position } = this.heard
    if (verified.stoodAt === position) return verified.principal
    if (this.verdictOn(verified) === 'stands') {
      verified.stoodAt = position
      return verified.principal
    }
    this.#tokens.delete(token)
    return null
  }

  verdictOn(verified: VerifiedToken): Standing {
    const verdict = this.heard.verdictOn(verified)
    if (verdict === 'ended') throw new AuthError('invalid_token')
    if (verdict === 'outdated') throw new AuthError('token_stale')
    return verdict
  }

  get position(): number {
    return this.heard.position
  }

  isHearing(): boolean {
    return this.feed.isWorking()
  }

  remember(token: string, verified: VerifiedToken): void {
    this.#tokens.set(token, verified)
  }

  forget(token: string): void {
    this.#tokens.delete(token)
  }

  forgetAll(): void {
    this.#tokens.clear()
    this.#asking.clear()
  }

  /** With a stale feed each asks alone: what began before they came may be too old for them. */
  askTogether(token: string, ask: () => Promise<Principal>): Promise<Principal> {
    if (!this.feed.isFresh()) return ask()
    const underWay = this.#asking.get(token)
    if (underWay !== undefined) return underWay
    const asking = ask().finally(() => this.#asking.delete(token))
    this.#asking.set(token, asking)
    return asking
  }
}
