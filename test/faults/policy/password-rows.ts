import type { AuthOptions, BreachCheckOptions } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { expect } from 'vitest'
import { change } from '../../support/onboarding.ts'
import { PASSWORD } from '../../support/setup.ts'
import { ADA, httpFlows } from './http-flows.ts'
import { eachOf, type PolicyRow } from './policy-row.ts'
import { expectDone, expectRefusedForNow, sceneOf } from './scene.ts'

const hashing = httpFlows.filter(({ hashes }) => hashes)
const choosing = hashing.filter(({ name }) =>
  /^(registering|changing|resetting|accepting)/.test(name),
)

// Slow enough that all requests are there before the first hash is done.
const slow = { dangerouslyWeakCost: { memory: 32_768, passes: 2 }, concurrency: 1, maxQueue: 1 }
const IN_PARALLEL = 8

const garbage = ['', 'garbage', '$argon2id$v=19$m=99999999,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2g']

export const passwordRows: readonly PolicyRow[] = [
  {
    id: 'F9',
    meets: 'S010 S103',
    fails: 'more passwords wait to be hashed than `passwords.maxQueue`',
    policy: 'fails closed, before anything was changed; what needs no hash goes on',
    answer: '503 `overloaded`, `Retry-After: 1`',
    cases: eachOf(hashing, async (flow) => {
      const { setup, ask, send } = await sceneOf(flow, { passwords: slow })
      const answers = Promise.all(Array.from({ length: IN_PARALLEL }, ask))
      const other = { method: 'GET', path: '/auth/openapi.json' } as const
      expect((await send(other)).status).toBe(200)
      const refused = (await answers).filter(({ status }) => status === 503)
      expect(refused.length).toBeGreaterThan(0)
      for (const answer of refused) expectRefusedForNow(answer, 'overloaded')
      // The others are done, or come too late: what they have is used up by one of them.
      const rest = (await answers).filter(({ status }) => status !== 503)
      expect(rest.some(({ status }) => status === flow.status)).toBe(true)
      for (const { status } of rest) expect([flow.status, 400, 401, 403]).toContain(status)
      expect(setup.errors).toEqual([])
    }),
  },
  {
    id: 'F10',
    meets: 'S009 S103',
    fails:
      'a stored hash that is malformed, over its bounds, or of a kind that needs what is not there',
    policy:
      'fails closed for that account, with the event `password.hash_unusable`; a reset mends it',
    answer: '401 `invalid_credentials`, like a wrong password',
    cases: {
      'logging in': async () => {
        const [flow] = httpFlows.filter(({ name }) => name === 'logging in')
        if (flow === undefined) return expect.unreachable()
        for (const passwordHash of garbage) {
          const { setup, ask } = await sceneOf(flow)
          await change(setup, ADA, { passwordHash })
          const answer = await ask()
          expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials'])
          const events = setup.events.map(({ type }) => type)
          expect(events).toContain('password.hash_unusable')
          await setup.auth.forgotPassword({ identifier: ADA })
          const { code } = await setup.outbox.next('reset_password', ADA)
          await setup.auth.resetPassword({ identifier: ADA, code, newPassword: PASSWORD })
          expectDone(flow, await ask())
        }
      },
    },
  },
  {
    id: 'F11',
    meets: 'S006 S103',
    fails: "Pwned Passwords, with `onFailure: 'accept'`",
    policy:
      'degrades: the password is taken, after at most `timeout`; `onError` is told, once a minute',
    answer: 'as ever',
    cases: eachOf(choosing, async (flow) => {
      const { setup, ask } = await sceneOf(flow, breachCheck({ onFailure: 'accept' }))
      expectDone(flow, await ask())
      expect(setup.errors.length).toBeLessThanOrEqual(1)
    }),
  },
  {
    id: 'F12',
    meets: 'S006 S103',
    fails: "Pwned Passwords, with `onFailure: 'refuse'`",
    policy: 'fails closed, before anything was changed; `onError` is told, once a minute',
    answer: '503 `unavailable`, `Retry-After: 1`',
    cases: eachOf(choosing, async (flow) => {
      let isDown = false
      const fetchRange = async () => {
        if (isDown) throw new Error('nobody answers')
        return ''
      }
      const { setup, ask } = await sceneOf(flow, breachCheck({ onFailure: 'refuse', fetchRange }))
      isDown = true
      expectRefusedForNow(await ask(), 'unavailable')
      expect(setup.errors).toHaveLength(1)
      isDown = false
      expectDone(flow, await ask())
    }),
  },
]

function breachCheck(rules: BreachCheckOptions): Partial<AuthOptions> {
  const fetchRange = () => Promise.reject(new Error('nobody answers'))
  return { passwords: { ...weakPasswords, breachCheck: { fetchRange, ...rules } } }
}
