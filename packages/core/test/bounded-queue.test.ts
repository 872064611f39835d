import fc from 'fast-check'
import { expect, it } from 'vitest'
import { boundedQueue } from '../src/crypto/bounded-queue.ts'

/** Work that ends when the test says so, and tells when it began. */
function pieces(count: number) {
  const begun: number[] = []
  const deferred = Array.from({ length: count }, () => Promise.withResolvers<void>())
  const work = (index: number) => () => {
    begun.push(index)
    return deferred[index]?.promise ?? Promise.reject(new Error('no such piece'))
  }
  return { begun, work, end: (index: number) => deferred[index]?.resolve(), deferred }
}

it('S010 runs so many at a time, and the others in the order of their coming', async () => {
  const queue = boundedQueue(2, 10)
  const { begun, work, end } = pieces(5)
  const done = [0, 1, 2, 3, 4].map((index) => queue(work(index)))
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  end(1)
  await done[1]
  expect(begun).toEqual([0, 1, 2])
  for (const index of [0, 2, 3, 4]) end(index)
  await Promise.all(done)
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

it('S010 refuses what would wait beyond the capacity, and takes work again once there is room', async () => {
  const queue = boundedQueue(1, 1)
  const { begun, work, end } = pieces(4)
  const done = [queue(work(0)), queue(work(1))]
  await expect(queue(work(2))).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 })
  end(0)
  await done[0]
  const last = queue(work(3))
  end(1)
  end(3)
  await Promise.all([done[1], last])
  expect(begun).toEqual([0, 1, 3])
})

it('S010 gives the place of work that failed to the next', async () => {
  const queue = boundedQueue(1, 5)
  const failed = queue(() => Promise.reject(new Error('broken')))
  const threw = queue(() => {
    throw new Error('broken at once')
  })
  const next = queue(() => Promise.resolve('fine'))
  await expect(failed).rejects.toThrow('broken')
  await expect(threw).rejects.toThrow('broken at once')
  expect(await next).toBe('fine')
})

it('S010 lets nobody wait where the capacity is 0', async () => {
  const queue = boundedQueue(1, 0)
  const { work, end } = pieces(1)
  const only = queue(work(0))
  await expect(queue(() => Promise.resolve())).rejects.toMatchObject({ code: 'overloaded' })
  end(0)
  await only
  expect(await queue(() => Promise.resolve('again'))).toBe('again')
})

it('S010 never runs more than allowed and loses nothing, in whatever order work ends', async () => {
  const numbers = { concurrency: fc.integer({ min: 1, max: 4 }), capacity: fc.nat(6) }
  await fc.assert(
    fc.asyncProperty(fc.record(numbers), fc.scheduler(), async ({ concurrency, capacity }, s) => {
      const queue = boundedQueue(concurrency, capacity)
      let running = 0
      let most = 0
      const work = async () => {
        running += 1
        most = Math.max(most, running)
        await s.schedule(Promise.resolve())
        running -= 1
      }
      const results = Promise.allSettled(Array.from({ length: 12 }, () => queue(work)))
      await s.waitFor(results)
      const done = (await results).filter(({ status }) => status === 'fulfilled').length
      expect(done).toBe(concurrency + capacity)
      expect(most).toBe(concurrency)
      expect(running).toBe(0)
    }),
  )
})

it('S010 keeps to its number while others come and go', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.scheduler(), async (concurrency, s) => {
      const queue = boundedQueue(concurrency, 100)
      let running = 0
      let most = 0
      const work = async () => {
        running += 1
        most = Math.max(most, running)
        await s.schedule(Promise.resolve())
        running -= 1
      }
      const client = async () => {
        for (let round = 0; round < 3; round += 1) await queue(work)
      }
      await s.waitFor(Promise.all(Array.from({ length: 6 }, client)))
      expect(most).toBe(concurrency)
    }),
  )
})
