import { describe, expect, it } from 'vitest'
import { type Day, type Habit, liveThrough } from '../support/honest-user.ts'
import { bothGoOn, FAR_APART, scene } from '../support/thief.ts'
import { renew } from '../support/tokens.ts'

/**
 * A refresh never logs an honest user out, as long as
 * - a request and its answer take 30 s together at most, or are lost: any number of them, one after another;
 * - the clocks of the nodes differ by at most `clockTolerance`;
 * - the tabs share one jar, and refresh only once its access token no longer works, or never put an older token over a
 *   newer one, or refresh again within 30 s when that has happened;
 * - a token that was spent some time ago (15 s here, the grace at most) is shown by one tab at a time: if one try gets
 *   the successor and another, after the grace, recovers from it, the successor is burnt in the hands of its owner;
 * - session, account and credentials are as they were, and nobody else has a token.
 */
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)

async function days(habit: Habit): Promise<readonly Day[]> {
  const lived: Day[] = []
  for (const seed of SEEDS) {
    const day = await liveThrough({ seed, habit })
    const story = `seed ${seed}, ${habit}:\n${day.trace.slice(-40).join('\n')}\n`
    expect(day.refusals, story).toEqual([])
    expect(day.alive, story).toBe(true)
    lived.push(day)
  }
  return lived
}

function sum(lived: readonly Day[], count: keyof Day['counts']): number {
  return lived.reduce((total, { counts }) => total + counts[count], 0)
}

describe.each(['patient', 'orderly', 'corrected'] as const)('S058 a user with %s tabs', (habit) => {
  it('is never logged out, and has been through everything', { timeout: 30_000 }, async () => {
    const lived = await days(habit)
    for (const count of ['rotated', 'recovered', 'replayed', 'lost', 'forged'] as const) {
      expect(sum(lived, count), count).toBeGreaterThan(50)
    }
    if (habit !== 'patient') expect(sum(lived, 'setBack')).toBeGreaterThan(0)
  })
})

describe('S058 a thief with the current token', () => {
  it.each(SEEDS)(
    'is found out by the third turn that owner and thief take: seed %i',
    async (seed) => {
      const { node, endedFor, ...rest } = await scene(seed)
      const { turns, trace, tokens } = await bothGoOn({ node, endedFor, ...rest })
      expect(turns, trace.join('\n')).toBeLessThanOrEqual(3)
      expect(await endedFor(), trace.join('\n')).toBe('refresh_reuse')
      for (const party of ['owner', 'thief'] as const) {
        await expect(renew(node(), tokens[party])).rejects.toMatchObject({ code: 'invalid_token' })
        await expect(node().authenticate(tokens[party].accessToken)).rejects.toMatchObject({
          code: 'invalid_token',
        })
      }
    },
  )
})

describe('S058 a thief with a token that is', () => {
  it.each(SEEDS)('spent ends the session at once: seed %i', async (seed) => {
    const { setup, luck, node, endedFor, ...start } = await scene(seed)
    const spent = [start.tokens]
    for (let times = luck.whole(1, 8); times > 0; times -= 1) {
      setup.clock.advance(luck.pick([FAR_APART, 600, 3600]))
      const next = await renew(node(), spent.at(-1) ?? start.tokens)
      await node().authenticate(next.accessToken)
      spent.push(next)
    }
    spent.pop()
    setup.clock.advance(FAR_APART)
    const stolen = luck.pick([start.tokens, ...spent])
    await expect(renew(node(), stolen)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await endedFor()).toBe('refresh_reuse')
  })

  it.each(SEEDS)('burnt ends the session at once: seed %i', async (seed) => {
    const { setup, tokens, luck, node, endedFor } = await scene(seed)
    const lost = [await renew(node(), tokens)]
    for (let times = luck.whole(1, 4); times > 0; times -= 1) {
      setup.clock.advance(luck.pick([FAR_APART, 600, 3600]))
      lost.push(await renew(node(), tokens))
    }
    const arrived = lost.pop() ?? tokens
    await node().authenticate(arrived.accessToken)
    for (const { accessToken } of lost) {
      await expect(node().authenticate(accessToken)).rejects.toMatchObject({
        code: 'invalid_token',
      })
    }
    expect(await endedFor()).toBeNull()
    const burnt = lost[luck.whole(0, lost.length - 1)] ?? tokens
    await expect(renew(node(), burnt)).rejects.toMatchObject({ code: 'invalid_token' })
    expect(await endedFor()).toBe('refresh_reuse')
    await expect(renew(node(), arrived)).rejects.toMatchObject({ code: 'invalid_token' })
  })
})
