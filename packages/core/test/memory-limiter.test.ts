import fc from 'fast-check'
import { expect, it } from 'vitest'
import { memoryLimiter } from '../src/limits/memory-limiter.ts'
import { fakeClock } from '../src/testing/fake-clock.ts'

const allowed = { points: 3, duration: 60 }

async function consumed(work: Promise<{ readonly consumedPoints: number }>): Promise<string> {
  return work.then(
    ({ consumedPoints }) => `${consumedPoints}`,
    ({ consumedPoints }) => `${consumedPoints} refused`,
  )
}

it('counts in windows that begin with the first of them', async () => {
  const clock = fakeClock()
  const limiter = memoryLimiter(allowed, clock.now)
  for (const expected of ['1', '2', '3', '4 refused']) {
    expect(await consumed(limiter.consume('a'))).toBe(expected)
    clock.advance(15)
  }
  expect(await limiter.get('a')).toBeNull()
  expect(await consumed(limiter.consume('a'))).toBe('1')
  expect(await limiter.get('a')).toEqual({ consumedPoints: 1, msBeforeNext: 60_000 })
})

it('gives back, sets and forgets one key and no other', async () => {
  const clock = fakeClock()
  const limiter = memoryLimiter(allowed, clock.now)
  await limiter.consume('a', 2)
  await limiter.consume('b', 3)
  await limiter.reward('a')
  expect((await limiter.get('a'))?.consumedPoints).toBe(1)
  await limiter.set('a', 7, 5)
  expect(await limiter.get('a')).toEqual({ consumedPoints: 7, msBeforeNext: 5000 })
  await limiter.delete('a')
  expect(await limiter.get('a')).toBeNull()
  expect((await limiter.get('b'))?.consumedPoints).toBe(3)
})

it('makes no debt of what is given back too late', async () => {
  const clock = fakeClock()
  const limiter = memoryLimiter(allowed, clock.now)
  await limiter.consume('a')
  clock.advance(60)
  await limiter.reward('a')
  expect(await limiter.get('a')).toBeNull()
})

it('holds so many keys and no more, and forgets those that nobody has touched the longest', async () => {
  const limiter = memoryLimiter(allowed, fakeClock().now, 100)
  await limiter.consume('attacked', 3)
  for (let n = 0; n < 1000; n += 1) {
    await limiter.consume(`flood ${n}`)
    if (n % 50 === 0) await consumed(limiter.consume('attacked'))
  }
  expect((await limiter.get('attacked'))?.consumedPoints).toBe(23)
  const held = []
  for (let n = 0; n < 1000; n += 1) if ((await limiter.get(`flood ${n}`)) !== null) held.push(n)
  expect(held).toHaveLength(99)
  expect(held[0]).toBe(901)
})

it('counts as a plain table would, whatever is done in whichever order', async () => {
  const key = fc.constantFrom('a', 'b', 'c')
  const step = fc.oneof(
    fc.record({ verb: fc.constant('consume' as const), key, by: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ verb: fc.constant('set' as const), key, by: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ verb: fc.constant('delete' as const), key, by: fc.constant(0) }),
    fc.record({ verb: fc.constant('wait' as const), key, by: fc.integer({ min: 1, max: 40 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = fakeClock()
      const limiter = memoryLimiter(allowed, clock.now)
      const table = new Map<string, { points: number; endsAt: number }>()
      const at = () => clock.now().getTime()
      for (const { verb, key: name, by } of steps) {
        if (verb === 'wait') {
          clock.advance(by)
        } else if (verb === 'delete') {
          await limiter.delete(name)
          table.delete(name)
        } else if (verb === 'set') {
          await limiter.set(name, by, 30)
          table.set(name, { points: by, endsAt: at() + 30_000 })
        } else {
          const row = table.get(name)
          const live =
            row !== undefined && row.endsAt > at() ? row : { points: 0, endsAt: at() + 60_000 }
          table.set(name, { ...live, points: live.points + by })
          const total = live.points + by
          expect(await consumed(limiter.consume(name, by))).toBe(
            total > 3 ? `${total} refused` : `${total}`,
          )
        }
      }
    }),
  )
})
