import type { AuthEventType, EventOf, RecordedEvent } from '@latchkey/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { loginOutcome } from '../support/onboarding.ts'
import { settled } from '../support/problems.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'

const credentials = { identifier: 'ada@example.com', password: PASSWORD }

/** An account, and one login more after what the test does. */
async function loginAfter(prepare: (setup: Setup) => void): Promise<Setup> {
  const setup = setUp()
  await accountOf(setup)
  await settled(setup.auth)
  prepare(setup)
  await setup.auth.login(credentials)
  await settled(setup.auth)
  return setup
}

describe('a listener to events', () => {
  it('hears of the type that it asked for, with what belongs to it', async () => {
    const started: EventOf<'session.started'>[] = []
    const failed: string[] = []
    const setup = await loginAfter(({ auth }) => {
      auth.on('session.started', (event) => started.push(event))
      auth.on('login.failed', ({ reason }) => failed.push(reason))
    })
    await loginOutcome(setup, 'ada@example.com', 'a wrong password')
    await settled(setup.auth)
    expect(started).toEqual([
      expect.objectContaining({
        type: 'session.started',
        id: expect.any(String),
        at: setup.clock.now(),
        userId: expect.any(String),
        sessionId: expect.any(String),
        methods: ['pwd'],
      }),
    ])
    expect(failed).toEqual(['wrong_password'])
  })

  it('hears of everything as "*"', async () => {
    const types: AuthEventType[] = []
    const setup = setUp()
    setup.auth.on('*', ({ type }) => types.push(type))
    await accountOf(setup)
    await settled(setup.auth)
    expect(types).toEqual(['user.registered', 'user.activated', 'session.started'])
  })

  it('hears nothing more once it has taken its leave, also of what happened just before', async () => {
    const heard: RecordedEvent[] = []
    const setup = await loginAfter(({ auth }) => {
      const leave = auth.on('*', (event) => heard.push(event))
      auth.on('session.started', () => {
        leave()
        leave()
      })
    })
    await setup.auth.login(credentials)
    await settled(setup.auth)
    expect(heard.map(({ type }) => type)).toEqual(['session.started'])
  })

  it('is one of many, each told once for each time that it asked', async () => {
    let calls = 0
    const listener = () => {
      calls += 1
    }
    await loginAfter(({ auth }) => {
      auth.on('session.started', listener)
      auth.on('session.started', listener)()
      auth.on('*', listener)
    })
    expect(calls).toBe(2)
  })

  it.each([
    ['throws', () => Promise.reject(new Error('the listener failed'))],
    [
      'rejects',
      () => {
        throw new Error('the listener failed')
      },
    ],
  ])('S103 that %s is reported, and neither the flow nor others feel it', async (_, fail) => {
    const heard: string[] = []
    const setup = await loginAfter(({ auth }) => {
      auth.on('session.started', fail)
      auth.on('session.started', ({ type }) => heard.push(type))
    })
    expect(setup.errors).toEqual([new Error('the listener failed')])
    expect(heard).toEqual(['session.started'])
  })

  it('cannot change what others hear', async () => {
    const heard: RecordedEvent[] = []
    const setup = await loginAfter(({ auth }) => {
      auth.on('*', (event) => Object.assign(event, { type: 'user.deleted' }))
      auth.on('*', (event) => heard.push(event))
    })
    expect(heard.map(({ type }) => type)).toEqual(['session.started'])
    expect(setup.errors).toEqual([expect.any(TypeError)])
  })

  it('must name an event that there is, and be a function', () => {
    const { auth } = setUp()
    const on = (type: unknown, listener: unknown) => () =>
      auth.on(type as AuthEventType, listener as () => void)
    expect(on('session.begun', () => {})).toThrow(/there is no event "session.begun"/)
    expect(on('constructor', () => {})).toThrow(TypeError)
    expect(on('*', undefined)).toThrow(/must be a function/)
  })

  it('is typed by what it asks for', () => {
    expectTypeOf<EventOf<'*'>>().toEqualTypeOf<RecordedEvent>()
    expectTypeOf<EventOf<'session.ended'>['reason']>().toBeString()
    expectTypeOf<EventOf<'session.ended' | 'session.started'>['type']>().toEqualTypeOf<
      'session.ended' | 'session.started'
    >()
  })
})
