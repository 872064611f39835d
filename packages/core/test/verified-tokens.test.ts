import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VerifiedToken } from '../src/context.ts'
import { VerifiedTokens } from '../src/tokens/verified-tokens.ts'

function verified(id: string, expiresAt = 1000): VerifiedToken {
  const principal = {
    user: { id: `user of ${id}`, roles: [] },
    session: { id: `session of ${id}`, authTime: new Date(0), amr: ['pwd'] },
    actor: null,
  }
  return {
    principal,
    expiresAt: expiresAt / 1000,
    credentialEpoch: 0,
    claimsVersion: 0,
    since: 0,
  }
}

function holding(tokens: readonly string[], capacity = { tokens: 10, bytes: 1000 }) {
  const memory = new VerifiedTokens(capacity)
  for (const token of tokens) memory.set(token, verified(token))
  return memory
}

const knows = (memory: VerifiedTokens, token: string) => memory.get(token, 0) !== undefined

describe('the memory of verified tokens', () => {
  it('answers what it was given, by the very token', () => {
    const memory = holding(['a', 'b'])
    expect(memory.get('a', 0)?.principal.user.id).toBe('user of a')
    for (const token of ['', 'A', 'a ', 'aa', '__proto__', 'constructor']) {
      expect(memory.get(token, 0)).toBeUndefined()
    }
  })

  it('tells tokens apart that differ only at their beginning', () => {
    const tokens = ['a', 'b', 'c', 'd'].map((first) => `${first}.the-same-signature`)
    const [first = '', second = '', third = '', fourth = ''] = tokens
    const memory = holding([first, second, third])
    const userOf = (token: string) => memory.get(token, 0)?.principal.user.id
    expect(tokens.map(userOf)).toEqual([
      ...tokens.slice(0, 3).map((t) => `user of ${t}`),
      undefined,
    ])
    for (const gone of [second, third, first]) {
      memory.delete(gone)
      expect(knows(memory, gone)).toBe(false)
      memory.set(fourth, verified(fourth))
      expect(knows(memory, fourth)).toBe(true)
    }
    expect(memory.size).toBe(1)
  })

  it('S044 ends at the very moment at which a token expires', () => {
    const memory = holding(['a'])
    expect(memory.get('a', 999)).toBeDefined()
    expect(memory.get('a', 1000)).toBeUndefined()
    expect(memory.size).toBe(0)
  })

  it('keeps the last word on a token', () => {
    const memory = holding(['a'])
    memory.set('a', verified('a', 5000))
    expect(memory.get('a', 4000)).toBeDefined()
    expect(memory.size).toBe(1)
  })

  it('never holds more than its capacity, in number and in bytes', () => {
    const capacity = { tokens: 5, bytes: 60 }
    const given = fc.record({
      // Half of them end alike.
      token: fc.oneof(
        fc.stringMatching(/^[a-z]{1,30}$/),
        fc.stringMatching(/^[a-z]{1,9}\.signature$/),
      ),
      verb: fc.constantFrom('set', 'set', 'get', 'delete', 'sweep'),
      at: fc.nat(20),
    })
    const run = (steps: readonly { token: string; verb: string; at: number }[]) => {
      const memory = new VerifiedTokens(capacity)
      const expiries = new Map<string, number>()
      for (const { token, verb, at } of steps) {
        if (verb === 'set') {
          memory.set(token, verified(token, at))
          expiries.set(token, at)
        }
        if (verb === 'delete') memory.delete(token)
        if (verb === 'sweep') memory.sweep(at, 3)
        const found = memory.get(token, at)
        if (found !== undefined) expect(expiries.get(token)).toBeGreaterThan(at)
        if (verb === 'delete') expect(found).toBeUndefined()
        const held = [...expiries.keys()].filter((one) => memory.get(one, -1) !== undefined)
        expect(held.length).toBe(memory.size)
        expect(held.length).toBeLessThanOrEqual(capacity.tokens)
        expect(held.join('').length).toBeLessThanOrEqual(capacity.bytes)
      }
    }
    fc.assert(fc.property(fc.array(given, { maxLength: 60 }), run))
  })

  it('keeps tokens in use while others come once and never again', () => {
    const used = ['a', 'b', 'c', 'd', 'e']
    const memory = holding(used)
    for (let count = 0; count < 1000; count += 1) {
      for (const token of used) expect(knows(memory, token)).toBe(true)
      memory.set(`once ${count}`, verified('once'))
    }
    expect(memory.size).toBe(10)
  })

  it('makes room when all are in use', () => {
    const memory = holding([...'abcdefghij'])
    for (const token of 'abcdefghij') memory.get(token, 0)
    memory.set('k', verified('k'))
    expect([memory.size, knows(memory, 'k')]).toEqual([10, true])
  })

  it('does not try to keep what is longer than all that it may hold', () => {
    const memory = holding(['a'])
    memory.set('x'.repeat(1001), verified('x'))
    expect([memory.size, knows(memory, 'a')]).toEqual([1, true])
  })

  it('is swept of what nobody asks for any more, a few at a time', () => {
    const memory = holding([...'abcdefgh'])
    memory.set('i', verified('i', 9000))
    memory.sweep(2000, 3)
    expect(memory.size).toBe(6)
    memory.sweep(2000, 100)
    expect([memory.size, knows(memory, 'i')]).toEqual([1, true])
    memory.sweep(2000, 100)
    memory.sweep(9000, 100)
    expect(memory.size).toBe(0)
    memory.sweep(9000, 100)
  })
})
