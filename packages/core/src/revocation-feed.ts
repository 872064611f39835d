import type { ErrorListener } from './background.ts'
import { withinDeadline } from './deadline.ts'
import type { Revocations } from './revocation.ts'
import type { RevocationPush } from './revocation-push.ts'
import type { Store } from './store.ts'
import type { Seconds } from './time.ts'

interface FeedParts {
  readonly store: Pick<Store, 'revokedSince'>
  readonly heard: Revocations
  readonly now: () => Date
  readonly report: ErrorListener
  readonly push: RevocationPush | null
  /** Called after each poll, well or badly ended. */
  readonly onTick: () => void
}

/** Since the start of the last good poll: then the store is asked for every request. */
const STALE_AFTER: Seconds = 5

/** So long a gap is too long to be filled. */
const LOST_AFTER: Seconds = 60

const INTERVAL: Seconds = 1
const LONGEST_PAUSE: Seconds = 10

/** A poll that has not ended by then is given up. What it still brings is heard. */
const DEADLINE: Seconds = 5

/** However much news is announced. */
const SHORTEST_PAUSE: Seconds = 0.02

/** A moment by both clocks: one may be set, the other stands still while the machine is suspended. */
interface Moment {
  readonly wall: number
  readonly monotonic: number
}

/** Hears from the store what other nodes revoked. */
export class RevocationFeed {
  readonly #parts: FeedParts
  #cursor: string | null = null
  #lastGood: Moment | null = null
  #timer: NodeJS.Timeout | null = null
  #state: 'new' | 'waiting' | 'polling' = 'new'
  #isClosed = false
  #hasNews = false
  #lastDuration: Seconds = 0
  #failures = 0
  #listening: (() => Promise<unknown>) | null = null
  #hasWord = false
  #isTelling = false

  constructor(parts: FeedParts) {
    this.#parts = parts
  }

  /** Whether what was heard can be relied on: a poll that began less than 5 s ago has ended well. */
  isFresh(): boolean {
    return this.isFreshAt(this.#parts.now().getTime())
  }

  /** The same for whoever has looked at the clock already, in milliseconds since 1970. */
  isFreshAt(now: number): boolean {
    const last = this.#lastGood
    if (last === null || now / 1000 - last.wall >= STALE_AFTER) return false
    return performance.now() / 1000 - last.monotonic < STALE_AFTER
  }

  /** Whether the last poll ended well, if there was one. */
  isWorking(): boolean {
    return this.#failures === 0
  }

  /** Begins to poll, once. It does not keep the process alive. */
  start(): void {
    if (this.#state !== 'new' || this.#isClosed) return
    this.#pause(0)
    const { push, report } = this.#parts
    const failed = (error: unknown) => report(error, 'listening for revocations')
    this.#listening = push?.listen(() => this.#wake(), failed) ?? null
  }

  /** Tells the other nodes that there is news. */
  announce(): void {
    const { push, report } = this.#parts
    if (push === null || this.#isClosed) return
    this.#hasWord = true
    if (this.#isTelling) return
    this.#tell(push).catch((error: unknown) => report(error, 'telling of a revocation'))
  }

  /** Ends the polls and the listening. */
  async close(): Promise<void> {
    this.#isClosed = true
    // Nothing is heard any more: the store is asked for every request.
    this.#lastGood = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#listening?.()
  }

  /** One word at a time, however many revocations there are meanwhile. */
  async #tell(push: RevocationPush): Promise<void> {
    this.#isTelling = true
    try {
      while (this.#hasWord) {
        this.#hasWord = false
        await push.announce()
      }
    } finally {
      this.#isTelling = false
    }
  }

  #wake(): void {
    this.#hasNews = true
    if (this.#state === 'waiting' && this.#failures === 0) this.#pause(this.#shortestPause())
  }

  /** Polls take a tenth of the time at most, however much news there is. */
  #shortestPause(): Seconds {
    return Math.min(INTERVAL, Math.max(SHORTEST_PAUSE, 9 * this.#lastDuration))
  }

  #pause(seconds: Seconds): void {
    if (this.#isClosed) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#state = 'waiting'
    this.#timer = setTimeout(() => this.#poll(), seconds * 1000).unref()
  }

  async #poll(): Promise<void> {
    const start = this.#moment()
    this.#state = 'polling'
    this.#hasNews = false
    try {
      await withinDeadline(DEADLINE, () => this.#ask(start), { keepsAlive: false })
      this.#failures = 0
    } catch (error) {
      // Once for each outage: the flows that fail meanwhile say so themselves.
      if (this.#failures === 0) this.#parts.report(error, 'the revocation feed')
      this.#failures += 1
    }
    if (this.#isClosed) return
    this.#lastDuration = performance.now() / 1000 - start.monotonic
    this.#parts.onTick()
    this.#pause(this.#nextPause())
  }

  async #ask(start: Moment): Promise<void> {
    const { store, heard } = this.#parts
    if (this.#lastGood === null || this.#since(this.#lastGood) > LOST_AFTER) {
      this.#cursor = null
      heard.beginAnew()
    }
    const { sessions, users, cursor } = await store.revokedSince(this.#cursor)
    for (const id of sessions) heard.endSession(id)
    for (const user of users) heard.changeUser(user)
    this.#cursor = cursor
    this.#lastGood = start
  }

  #nextPause(): Seconds {
    if (this.#hasNews && this.#failures === 0) return this.#shortestPause()
    const pause = Math.min(INTERVAL * 2 ** this.#failures, LONGEST_PAUSE)
    // Many nodes that began together do not go on together.
    const jittered = pause * (0.8 + Math.random() * 0.2)
    return Math.max(this.#shortestPause(), jittered - this.#lastDuration)
  }

  #moment(): Moment {
    return { wall: this.#parts.now().getTime() / 1000, monotonic: performance.now() / 1000 }
  }

  /** Whichever clock says more. */
  #since({ wall, monotonic }: Moment): Seconds {
    const now = this.#moment()
    return Math.max(now.wall - wall, now.monotonic - monotonic)
  }
}
