import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Session } from '../src/records.ts'
import { judgeRefresh, nextRotation, REUSE_GRACE } from '../src/rotation.ts'
import { session } from './support/token-context.ts'

const GRACE = REUSE_GRACE + 5
const now = new Date('2030-01-01T12:00:00Z')
const ago = (seconds: number) => now.getTime() - seconds * 1000

/** A session at generation 7, made from 6 so long ago; its token has been seen, or not. */
function rotated(secondsAgo: number, seen: boolean, changes: Partial<Session> = {}): Session {
  return session({
    generation: 7,
    parentGeneration: 6,
    confirmedGeneration: seen ? 7 : 6,
    recent: [{ generation: 6, at: ago(secondsAgo) }],
    ...changes,
  })
}

const judge = (given: Session, generation: number) => judgeRefresh(given, generation, now, GRACE)

function full(age: number): Session['recent'] {
  return Array.from({ length: 16 }, (_, index) => ({ generation: index + 1, at: ago(age) }))
}

describe('the current token', () => {
  it('S057 rotates, whether or not it has been seen', () => {
    expect(judge(rotated(5, true), 7)).toBe('rotate')
    expect(judge(rotated(5, false), 7)).toBe('rotate')
    expect(judge(session(), 1)).toBe('rotate')
  })

  it('is answered without a rotation while sixteen others are within the grace', () => {
    expect(judge(session({ generation: 17, recent: full(35) }), 17)).toBe('replay')
    expect(judge(session({ generation: 17, recent: full(35).slice(1) }), 17)).toBe('rotate')
    expect(judge(session({ generation: 17, recent: full(35.001) }), 17)).toBe('rotate')
  })
})

describe('S058 a spent token', () => {
  it('is replayed up to the end of grace and tolerance', () => {
    for (const age of [0, 30, 34.999, 35]) expect(judge(rotated(age, true), 6)).toBe('replay')
    expect(judge(rotated(35.001, true), 6)).toBe('reuse')
  })

  it('is replayed at a negative age, however far another clock runs ahead', () => {
    expect(judge(rotated(-5, true), 6)).toBe('replay')
    expect(judge(rotated(-3600, true), 6)).toBe('replay')
  })

  it('is replayed though others have followed within the grace', () => {
    const recent = [5, 6].map((generation) => ({ generation, at: ago(10) }))
    expect(judge(rotated(10, true, { recent }), 5)).toBe('replay')
  })

  it('recovers a successor that nobody has shown, and only then', () => {
    expect(judge(rotated(36, false), 6)).toBe('recover')
    expect(judge(rotated(3600, false), 6)).toBe('recover')
    expect(judge(rotated(3600, true), 6)).toBe('reuse')
  })

  it('recovers nothing unless it is the parent', () => {
    expect(judge(rotated(36, false), 5)).toBe('reuse')
    expect(judge(rotated(36, false, { parentGeneration: 5 }), 6)).toBe('reuse')
    expect(judge(rotated(36, false, { parentGeneration: 5 }), 5)).toBe('recover')
  })
})

describe('what a rotation writes', () => {
  it('S057 makes the next generation, and confirms the one that was shown', () => {
    const before = rotated(10, false, { burntBelow: 4 })
    expect(nextRotation(before, 7, now, GRACE)).toEqual({
      generation: 8,
      parentGeneration: 7,
      recent: [...before.recent, { generation: 7, at: now.getTime() }],
      confirmedGeneration: 7,
      burntBelow: 4,
    })
  })

  it('burns the lost generation in a recovery, and confirms nothing', () => {
    expect(nextRotation(rotated(36, false, { burntBelow: 4 }), 6, now, GRACE)).toEqual({
      generation: 8,
      parentGeneration: 6,
      recent: [{ generation: 6, at: now.getTime() }],
      confirmedGeneration: 6,
      burntBelow: 8,
    })
  })

  it('forgets what has left the grace', () => {
    const recent = [36, 35, 1].map((age, index) => ({ generation: index + 4, at: ago(age) }))
    const { recent: kept } = nextRotation(rotated(0, true, { recent }), 7, now, GRACE)
    expect(kept.map(({ generation }) => generation)).toEqual([5, 6, 7])
  })
})

describe('over any history of refreshes', () => {
  const step = fc.record({
    seconds: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(3600)),
    show: fc.oneof(fc.constant('current'), fc.constant('parent'), fc.integer({ min: 1, max: 30 })),
    confirm: fc.boolean(),
  })

  it('generations grow by one, a burnt one never returns, and sixteen are remembered at most', async () => {
    await fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let current = session()
        let time = now.getTime()
        const burnt = new Set<number>()
        for (const { seconds, show, confirm } of steps) {
          time += seconds * 1000
          const named = { current: current.generation, parent: current.parentGeneration ?? 1 }
          const shown = Math.min(typeof show === 'number' ? show : named[show], current.generation)
          const verdict = judgeRefresh(current, shown, new Date(time), GRACE)
          if (burnt.has(shown)) expect(verdict).toBe('reuse')
          if (verdict === 'replay' || verdict === 'reuse') continue
          if (verdict === 'recover') burnt.add(current.generation)
          const next = nextRotation(current, shown, new Date(time), GRACE)
          expect(next.generation).toBe(current.generation + 1)
          expect(next.recent.length).toBeLessThanOrEqual(16)
          expect(next.recent.filter(({ generation }) => burnt.has(generation))).toEqual([])
          expect(next.burntBelow).toBeGreaterThanOrEqual(current.burntBelow)
          current = { ...current, ...next }
          if (confirm) current = { ...current, confirmedGeneration: current.generation }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the window of a superseded generation never slides', async () => {
    await fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 20 }), (pauses) => {
        let current: Session = { ...session(), ...nextRotation(session(), 1, now, GRACE) }
        let elapsed = 0
        for (const pause of pauses) {
          elapsed += pause
          const time = new Date(now.getTime() + elapsed * 1000)
          const expected = elapsed <= GRACE ? 'replay' : 'reuse'
          current = { ...current, confirmedGeneration: current.generation }
          expect(judgeRefresh(current, 1, time, GRACE)).toBe(expected)
          const rotation = nextRotation(current, current.generation, time, GRACE)
          current = { ...current, ...rotation }
        }
      }),
    )
  })
})
