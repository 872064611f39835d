import { describe, expect, it } from 'vitest'
import { compare, mannWhitney } from '../../benchmarks/src/timing/statistics.ts'

// Ages at diagnosis of diabetes, from the documentation of SciPy's mannwhitneyu.
const males = [19, 22, 16, 29, 24]
const females = [20, 11, 17, 12]

const rising = Array.from({ length: 100 }, (_, index) => index)

describe('the statistics of the timing benchmark', () => {
  it('gives the U and the p of a published example', () => {
    expect(mannWhitney(males, females).u).toBe(17)
    expect(mannWhitney(females, males).u).toBe(3)
    expect(mannWhitney(males, females).p).toBeCloseTo(0.11134688653314041, 6)
  })

  it('shares ranks among equal values, and finds no difference where all are equal', () => {
    // Ranks 1.5, 1.5, 4, 4, 4, 6: 1.5 + 4 + 4 - 6 is the U of the first row.
    expect(mannWhitney([1, 2, 2], [1, 2, 3]).u).toBe(3.5)
    expect(mannWhitney([1, 1, 1], [1, 1]).p).toBe(1)
  })

  it('tells rows apart that were shifted, and no others', () => {
    const same = compare(rising, rising)
    expect(same).toMatchObject({ difference: 0, p: expect.closeTo(1, 2) })
    const shifted = compare(
      rising,
      rising.map((value) => value + 50),
    )
    expect(shifted.difference).toBe(50)
    expect(shifted.p).toBeLessThan(1e-6)
    const [low, high] = shifted.interval
    expect(low).toBeGreaterThan(20)
    expect(high).toBeLessThan(80)
    expect(low).toBeLessThan(50)
    expect(high).toBeGreaterThan(50)
  })
})
