import type { Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { kinds, migrated } from '../../packages/sql-store/test/support/databases.ts'
import { browser } from '../support/browser.ts'
import type { Answer } from '../support/http-client.ts'
import { accountOf, PASSWORD, serveSetup, setUp } from '../support/setup.ts'

const TABS = 20
const MINUTE = 60

const stores: readonly { name: string; available: boolean; open(): Promise<Store> }[] = [
  { name: 'memory', available: true, open: async () => memoryStore() },
  ...kinds.map((kind) => ({
    name: kind.name,
    available: kind.available,
    async open() {
      const { url, drop } = await migrated(kind)
      onTestFinished(drop)
      return sqlStore({ url })
    },
  })),
]

/** Ada's browser, whose tabs share its cookies; they take those of an answer when the test says so. */
async function openBrowser(open: () => Promise<Store>) {
  const store = await open()
  const setup = setUp({ transport: 'cookie', store })
  onTestFinished(() => store.close())
  await accountOf(setup)
  const client = await serveSetup(setup)
  const tabs = browser(client, { takes: false })
  const login = { identifier: 'ada@example.com', password: PASSWORD }
  const { body, ...answer } = await tabs.post('/auth/login', login)
  tabs.take({ ...answer, body })
  const generation = async () => (await store.sessions.find(body.sessionId))?.session.generation
  const together = (ask: (tab: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: TABS }, (_, tab) => ask(tab)))
  return { ...setup, tabs, generation, together }
}

for (const { name, available, open } of stores) {
  describe.skipIf(!available)(`S059 tabs with one cookie, on ${name}`, () => {
    it('all go on when they come at once, in whatever order their answers do', async () => {
      const { tabs, clock, generation, together, events } = await openBrowser(open)
      for (let round = 2; round <= 5; round += 1) {
        clock.advance(11 * MINUTE)
        const answers = await together((tab) =>
          tab % 3 === 0
            ? tabs.post('/auth/refresh')
            : tabs.get(['/protected', '/auth/me'][tab % 2] ?? ''),
        )
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
        for (const answer of answers.toReversed()) tabs.take(answer)
        expect(await generation()).toBe(round)
      }
      expect((await tabs.post('/protected')).status).toBe(200)
      expect(events.map(({ type }) => type)).not.toContain('session.refresh_recovered')
    })

    it('go on when the answer of an older refresh comes last', async () => {
      const { tabs, clock } = await openBrowser(open)
      clock.advance(11 * MINUTE)
      const early = await tabs.post('/auth/refresh')
      clock.advance(5)
      tabs.take(await tabs.get('/protected'))
      tabs.take(await tabs.post('/auth/refresh'))
      clock.advance(5)
      tabs.take(await tabs.get('/protected'))
      tabs.take(early)
      tabs.take(await tabs.post('/auth/refresh'))
      for (let hour = 0; hour < 5; hour += 1) {
        clock.advance(60 * MINUTE)
        const answer = await tabs.get('/protected')
        expect(answer.status).toBe(200)
        tabs.take(answer)
      }
    })

    it('go on when every answer got lost', async () => {
      const { tabs, clock } = await openBrowser(open)
      for (let hour = 0; hour < 3; hour += 1) {
        clock.advance(60 * MINUTE)
        expect((await tabs.post('/protected')).status).toBe(200)
      }
      tabs.take(await tabs.get('/protected'))
      clock.advance(60 * MINUTE)
      expect((await tabs.get('/protected')).status).toBe(200)
    })
  })
}

it('S058 ends the session of a cookie that two parties go on with', async () => {
  const { tabs, clock, events } = await openBrowser(async () => memoryStore())
  const stolen = [...tabs.cookies].map((pair) => pair.join('=')).join('; ')
  clock.advance(11 * MINUTE)
  tabs.take(await tabs.get('/protected'))
  expect((await tabs.get('/protected')).status).toBe(200)
  clock.advance(MINUTE)
  expect((await tabs.get('/protected', { cookie: stolen })).status).toBe(401)
  expect((await tabs.get('/protected')).status).toBe(401)
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'session.ended', reason: 'refresh_reuse' }),
  )
})
