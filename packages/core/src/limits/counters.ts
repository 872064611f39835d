import type { ErrorListener } from '../background.ts'
import type { Limits } from '../context.ts'
import { type Allowance, type LimitName, limitTable } from '../limit-table.ts'
import { DAY, MINUTE, type Seconds } from '../time.ts'
import { backendHealth, insuredLimiter, isState } from './insured-limiter.ts'
import type { ParsedLimits } from './limit-options.ts'
import type { Limiter, LimiterState } from './limiter.ts'
import { memoryLimiter } from './memory-limiter.ts'

// NIST SP 800-63B-4, section 3.2.2, speaks of 30 s to an hour.
const LONGEST_DELAY: Seconds = 15 * MINUTE
// So long an address from which somebody logged in is known for theirs. Some backends count with timers, of which none
// runs longer than 24.8 days.
const KNOWN_FOR: Seconds = 24 * DAY

/** Counters for every rule. */
export function openCounters(
  { rules, limiter: makeLimiter, dangerouslyOff }: ParsedLimits,
  { now, report }: { readonly now: () => Date; readonly report: ErrorListener },
): Limits {
  if (dangerouslyOff) return noLimits(rules)
  const health = backendHealth(now, report)
  const open = (name: string, { points, window }: Allowance): Limiter => {
    const options = { keyPrefix: `latchkey:${name}`, points, duration: window }
    const memory = memoryLimiter(options, now)
    return makeLimiter === undefined ? memory : insuredLimiter(makeLimiter(options), memory, health)
  }
  const names = Object.keys(limitTable) as LimitName[]
  const limiters = new Map(names.map((name) => [name, open(name, rules[name])]))
  const limiterOf = (name: LimitName) => limiters.get(name) as Limiter // one for each name
  const known = open('known', { points: 1, window: KNOWN_FOR })
  const told = memoryLimiter({ points: 1, duration: MINUTE }, now)
  return {
    rules,
    async count(name, key) {
      const isDelaying = 'delays' in limitTable[name]
      return (isDelaying ? countWithDelays : countInWindow)(limiterOf(name), rules[name], key)
    },
    async look(name, key) {
      const state = await limiterOf(name).get(key)
      return state !== null && state.consumedPoints >= rules[name].points ? secondsOf(state) : null
    },
    giveBack: async (name, key) => void (await limiterOf(name).reward(key)),
    async clear(name, key) {
      const parts = 'delays' in limitTable[name] ? Object.values(partsOf(key)) : []
      for (const part of [...parts, key]) await limiterOf(name).delete(part)
    },
    know: async (key) => void (await known.set(key, 1, KNOWN_FOR)),
    isKnown: async (key) => (await known.get(key)) !== null,
    async isNews(name, key) {
      const customDuration = rules[name].window
      return (
        (await stateOf(told.consume(`${name}:${key}`, 1, { customDuration }))).consumedPoints === 1
      )
    },
  }
}

function noLimits(rules: Limits['rules']): Limits {
  const nothing = async () => {}
  return {
    rules,
    count: async () => null,
    look: async () => null,
    giveBack: nothing,
    clear: nothing,
    know: nothing,
    isKnown: async () => false,
    isNews: async () => false,
  }
}

async function countInWindow(limiter: Limiter, { points }: Allowance, key: string) {
  const state = await stateOf(limiter.consume(key))
  if (state.consumedPoints <= points) return null
  // What is refused does not count: else nobody could be given back what was allowed and went well.
  await limiter.reward(key)
  return secondsOf(state)
}

/**
 * The last of the free attempts and every one after it has to win the turn, which comes back after the delay. Of any
 * number of attempts at once one wins it, and it alone counts as a step: the others do not prolong the delay.
 */
async function countWithDelays(limiter: Limiter, { points, window }: Allowance, key: string) {
  const { consumedPoints: attempt } = await stateOf(limiter.consume(key))
  if (attempt < points) return null
  const { turn, steps } = partsOf(key)
  const mine = await stateOf(limiter.consume(turn, 1, { customDuration: 1 }))
  if (mine.consumedPoints !== 1) return secondsOf(mine)
  const { consumedPoints: step } = await stateOf(limiter.consume(steps))
  const delay = Math.min(2 ** (step - 1), LONGEST_DELAY)
  await limiter.set(turn, 1, delay)
  await limiter.set(key, points, delay + window)
  await limiter.set(steps, step, delay + window)
  return null
}

/** What is counted besides the attempts. */
function partsOf(key: string) {
  return { turn: `${key}:turn`, steps: `${key}:steps` }
}

/** The state, whether or not it is more than the limiter allows. */
async function stateOf(answer: Promise<LimiterState>): Promise<LimiterState> {
  try {
    return await answer
  } catch (outcome) {
    if (isState(outcome)) return outcome
    throw outcome
  }
}

/** Rounded up: who comes back then is not refused again. */
function secondsOf({ msBeforeNext }: LimiterState): Seconds {
  return Math.max(1, Math.ceil(msBeforeNext / 1000))
}
