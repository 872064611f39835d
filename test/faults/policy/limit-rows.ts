import type { AuthOptions } from '@latchkey/core'
import { expect } from 'vitest'
import { serveSetup, setUp } from '../../support/setup.ts'
import { ADA, httpFlows } from './http-flows.ts'
import { eachOf, type PolicyRow } from './policy-row.ts'
import { expectDone, sceneOf } from './scene.ts'

export const limitRows: readonly PolicyRow[] = [
  {
    id: 'F13',
    meets: 'S103',
    fails: 'the backend of the limits',
    policy:
      'degrades: each process counts by itself, and tries the backend again after 5 s; `onError` is told, once a minute',
    answer: 'as ever, and still 429 to whoever tries too often',
    cases: {
      ...eachOf(httpFlows, async (flow) => {
        const { setup, ask } = await sceneOf(flow, withoutBackend())
        expectDone(flow, await ask())
        expect(setup.errors.length).toBeLessThanOrEqual(1)
      }),
      'guessing a password': async () => {
        const setup = setUp(withoutBackend())
        const client = await serveSetup(setup)
        const guess = () => client.post('/auth/login', { identifier: ADA, password: 'a guess' })
        const answers = []
        for (let attempt = 0; attempt < 10; attempt += 1) answers.push(await guess())
        const statuses = answers.map(({ status }) => status)
        expect(new Set(statuses)).toEqual(new Set([401, 429]))
        expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/)
        expect(setup.errors).toHaveLength(1)
      },
    },
  },
]

function withoutBackend(): Partial<AuthOptions> {
  const fail = () => Promise.reject(new Error('nobody answers'))
  const limiter = () => ({ consume: fail, reward: fail, set: fail, get: fail, delete: fail })
  return { limits: { limiter } }
}
