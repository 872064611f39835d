import type { AuthOptions } from '@latchkey/core'
import { createOutbox } from '@latchkey/core/testing'
import { expect, vi } from 'vitest'
import * as z from 'zod'
import { outcome } from '../../support/onboarding.ts'
import { PASSWORD, serveSetup, setUp } from '../../support/setup.ts'
import { ADA, httpFlows } from './http-flows.ts'
import { eachOf, type PolicyRow } from './policy-row.ts'
import { breakable, expectDone, hanging, sceneOf } from './scene.ts'

const sending = httpFlows.filter(({ sends }) => sends)
const throws = () => {
  throw new Error('out of order')
}
const rejects = () => Promise.reject(new Error('out of order'))

export const partRows: readonly PolicyRow[] = [
  {
    id: 'F4',
    meets: 'S103',
    fails: '`mailer` or `sms` throws or rejects',
    policy: 'degrades: the message is not sent, and can be asked for again; `onError` is told',
    answer: 'as ever',
    cases: {
      ...eachOf(sending, async (flow) => {
        for (const fails of [throws, rejects]) {
          const outbox = createOutbox()
          const mailer = breakable(outbox.send, fails)
          const scene = await sceneOf(withOutbox(flow, outbox), { mailer: mailer.part })
          mailer.break()
          expectDone(flow, await scene.ask())
          await scene.setup.auth.close()
          expect(scene.setup.errors.length).toBeGreaterThan(0)
        }
      }),
      'asking for a message again': async () => {
        const outbox = createOutbox()
        const mailer = breakable(outbox.send, rejects)
        const { auth } = setUp({ mailer: mailer.part })
        mailer.break()
        await auth.register({ email: ADA, password: PASSWORD })
        await auth.close()
        mailer.mend()
        await auth.resendActivation({ identifier: ADA })
        const { code } = await outbox.next('activate', ADA)
        await auth.activate({ identifier: ADA, code })
        expect(await outcome(auth.login({ identifier: ADA, password: PASSWORD }))).toBe('ok')
      },
      'registering by phone': async () => {
        const phones = { identifiers: ['phone'], sms: rejects } satisfies Partial<AuthOptions>
        const setup = setUp(phones)
        const client = await serveSetup(setup)
        const body = { phone: '+4915123456789', password: PASSWORD }
        expect((await client.post('/auth/register', body)).status).toBe(202)
        await setup.auth.close()
        expect(setup.errors).toHaveLength(1)
      },
    },
  },
  {
    id: 'F5',
    meets: 'S075 S103',
    fails: '`mailer` or `sms` never settles',
    policy: 'degrades: no answer waits for it; `close()` does, for 10 s, and then tells `onError`',
    answer: 'as ever, and as soon',
    cases: eachOf(sending, async (flow) => {
      const outbox = createOutbox()
      const { hang, letGo } = hanging()
      const mailer = breakable(outbox.send, hang)
      const { setup, ask } = await sceneOf(withOutbox(flow, outbox), { mailer: mailer.part })
      mailer.break()
      expectDone(flow, await ask())
      await closeInTime(setup.auth)
      letGo()
      expect(setup.errors).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/did not end/) }),
      ])
    }),
  },
  {
    id: 'F6',
    meets: 'S103',
    fails: 'a function of yours that words a message',
    policy:
      'degrades: the message is not sent, rather than without what it must say; `onError` is told',
    answer: 'as ever',
    cases: eachOf(sending, async (flow) => {
      const language = breakable(() => 'en', throws)
      const languageOf = () => language.part()
      const { setup, ask } = await sceneOf(flow, { messages: { languageOf } })
      const before = setup.outbox.messages.length
      language.break()
      expectDone(flow, await ask())
      await setup.auth.close()
      expect(setup.errors.length).toBeGreaterThan(0)
      expect(setup.outbox.messages).toHaveLength(before)
    }),
  },
  {
    id: 'F7',
    meets: 'S103',
    fails: '`logger`, `onError`, or a listener to events',
    policy: 'degrades: nobody feels it',
    answer: 'as ever',
    cases: eachOf(httpFlows, async (flow) => {
      const { hang, letGo } = hanging()
      for (const fails of [throws, rejects, hang]) {
        const listener = breakable(() => {}, fails)
        const logger = { info: listener.part, warn: listener.part, error: listener.part }
        const options = { logger, onError: listener.part }
        const { setup, ask } = await sceneOf(flow, options)
        setup.auth.on('*', listener.part)
        listener.break()
        expectDone(flow, await ask())
      }
      letGo()
    }),
  },
  {
    id: 'F8',
    meets: 'S103',
    fails: 'a function of yours that an answer depends on, such as the schema of the profile',
    policy: 'fails closed, as a mistake of the application; `onError` is told',
    answer: '500 `internal_error`',
    cases: {
      registering: async () => {
        const profile = z.object({}).transform(throws) as unknown as AuthOptions['profile']
        const setup = setUp({ profile })
        const client = await serveSetup(setup)
        const body = { email: ADA, password: PASSWORD, profile: {} }
        const answer = await client.post('/auth/register', body)
        expect([answer.status, answer.body.code]).toEqual([500, 'internal_error'])
        expect(answer.text).not.toContain('out of order')
        expect(setup.errors).toHaveLength(1)
        const ada = { kind: 'email', value: ADA } as const
        expect(await setup.store.users.findByIdentifier(ada)).toBeNull()
      },
    },
  },
]

/** The flow, with messages where the test keeps them. */
function withOutbox(
  flow: (typeof httpFlows)[number],
  outbox: ReturnType<typeof createOutbox>,
): (typeof httpFlows)[number] {
  return { ...flow, prepare: (setup) => flow.prepare({ ...setup, outbox }) }
}

/** Ten seconds pass at once. */
async function closeInTime(auth: { close(): Promise<void> }): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    let isClosed = false
    const closing = auth.close().then(() => {
      isClosed = true
    })
    await vi.advanceTimersByTimeAsync(9_999)
    expect(isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await closing
  } finally {
    vi.useRealTimers()
  }
}
