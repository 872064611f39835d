import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { localPush } from '../../../test/support/local-push.ts'
import { Revocations } from '../src/revocation.ts'
import { RevocationFeed } from '../src/revocation-feed.ts'
import type { RevocationPush } from '../src/revocation-push.ts'
import type { Revocations as News } from '../src/store.ts'
import { fakeClock } from '../src/testing/fake-clock.ts'

const nothing: News = { sessions: [], users: [], cursor: '1' }

/** Within this process. */
const local = localPush()

/** A feed on a source of news that a test answers for. */
function feedOn(
  answer: (cursor: string | null) => Promise<News>,
  push: RevocationPush | null = null,
) {
  const cursors: (string | null)[] = []
  const errors: unknown[] = []
  const clock = fakeClock()
  const heard = new Revocations()
  const feed = new RevocationFeed({
    store: {
      revokedSince(cursor) {
        cursors.push(cursor)
        return answer(cursor)
      },
    },
    heard,
    now: clock.now,
    report: (error) => errors.push(error),
    push,
    onTick: () => {},
  })
  onTestFinished(() => feed.close())
  return { feed, heard, clock, cursors, errors }
}

const settled = (feed: { isFresh(): boolean }) =>
  vi.waitFor(() => expect(feed.isFresh()).toBe(true))

describe('the revocation feed', () => {
  it('is stale until the first poll has ended', async () => {
    const { promise, resolve } = Promise.withResolvers<News>()
    const { feed, cursors } = feedOn(() => promise)
    expect(feed.isFresh()).toBe(false)
    feed.start()
    await vi.waitFor(() => expect(cursors).toEqual([null]))
    expect(feed.isFresh()).toBe(false)
    resolve(nothing)
    await settled(feed)
  })

  it('S047 is stale 5 s after the start of the last good poll, by the clock that says more', async () => {
    const { promise: never } = Promise.withResolvers<News>()
    let polls = 0
    const { feed, clock } = feedOn(() => (polls++ === 0 ? Promise.resolve(nothing) : never))
    feed.start()
    await settled(feed)
    clock.advance(4)
    expect(feed.isFresh()).toBe(true)
    clock.advance(1)
    expect(feed.isFresh()).toBe(false)
    // A clock that is set back makes nothing fresh that the other calls stale, and nothing stale.
    clock.advance(-60)
    expect(feed.isFresh()).toBe(true)
  })

  it('goes on from the cursor of the last good poll', async () => {
    const answers = [nothing, null, { ...nothing, cursor: '2' }, { ...nothing, cursor: '3' }]
    const { feed, cursors, errors } = feedOn(async () => {
      const answer = answers.shift()
      if (answer === null) throw new Error('the store is away')
      return answer ?? nothing
    }, local)
    feed.start()
    await settled(feed)
    await local.announce()
    await vi.waitFor(() => expect(feed.isWorking()).toBe(false))
    await vi.waitFor(() => expect(cursors).toEqual([null, '1', '1']), { timeout: 4000 })
    await vi.waitFor(() => expect(feed.isWorking()).toBe(true))
    expect(errors).toHaveLength(1)
  })

  it('S047 begins anew after a minute without news: what was known before is not relied on', async () => {
    const { feed, clock, cursors, heard } = feedOn(async () => nothing, local)
    feed.start()
    await settled(feed)
    const { position } = heard
    clock.advance(61)
    expect(feed.isFresh()).toBe(false)
    await local.announce()
    await settled(feed)
    expect(cursors.slice(0, 2)).toEqual([null, null])
    expect(heard.position).toBeGreaterThan(position)
  })

  it('is woken by a push, long before its time', async () => {
    const { feed, cursors } = feedOn(async () => nothing, local)
    feed.start()
    await settled(feed)
    const start = performance.now()
    for (let polls = 2; polls <= 11; polls += 1) {
      await local.announce()
      await vi.waitFor(() => expect(cursors).toHaveLength(polls), { interval: 5 })
    }
    // By itself it would take eight.
    expect(performance.now() - start).toBeLessThan(6000)
  })

  it('says nothing more once it is closed, and is not relied on', async () => {
    const { feed, cursors } = feedOn(async () => nothing, local)
    feed.start()
    await settled(feed)
    await feed.close()
    expect(feed.isFresh()).toBe(false)
    await local.announce()
    feed.start()
    feed.announce()
    await new Promise((resolve) => setImmediate(resolve))
    expect(cursors).toHaveLength(1)
  })

  it('tells of one revocation at a time, however many there are', async () => {
    const waiting: (() => void)[] = []
    const push: RevocationPush = {
      announce: () => new Promise<void>((resolve) => waiting.push(resolve)),
      listen: () => async () => {},
    }
    const { feed } = feedOn(async () => nothing, push)
    for (let count = 0; count < 100; count += 1) feed.announce()
    expect(waiting).toHaveLength(1)
    waiting[0]?.()
    await vi.waitFor(() => expect(waiting).toHaveLength(2))
    waiting[1]?.()
    await new Promise((resolve) => setImmediate(resolve))
    expect(waiting).toHaveLength(2)
  })

  it('reports a push that fails, and goes on', async () => {
    const push: RevocationPush = {
      announce: async () => {
        throw new Error('the channel is away')
      },
      listen: () => async () => {},
    }
    const { feed, errors } = feedOn(async () => nothing, push)
    feed.announce()
    await vi.waitFor(() => expect(errors).toHaveLength(1))
    feed.announce()
    await vi.waitFor(() => expect(errors).toHaveLength(2))
  })
})
