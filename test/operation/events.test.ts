import type { AuthEventType, EventRecord, RecordedEvent } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import type { HttpClient } from '../support/http-client.ts'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { NEW_PASSWORD } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

type Account = Awaited<ReturnType<typeof accountOf>>

interface Stage extends Setup {
  readonly client: HttpClient
  readonly base: string
  readonly ada: Account
}

interface Story {
  readonly name: string
  readonly act: (stage: Stage) => Promise<unknown>
  readonly events: readonly Partial<RecordedEvent>[]
}

const credentials = { identifier: 'ada@example.com', password: PASSWORD }
const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }

/** What each flow tells. All events name the user and the client. */
const stories: readonly Story[] = [
  {
    name: 'a registration and an activation',
    act: async ({ client, base, outbox }) => {
      const email = 'new@example.com'
      await client.post(`${base}/register`, { email, password: PASSWORD })
      const { link } = await outbox.next('activate', email)
      await client.post(`${base}/activate`, { token: tokenIn(link) })
    },
    events: [{ type: 'user.registered' }, { type: 'user.activated' }],
  },
  {
    name: 'a registration of an address that is taken',
    act: ({ client, base }) =>
      client.post(`${base}/register`, { email: 'ada@example.com', password: PASSWORD }),
    events: [{ type: 'user.registration_repeated', status: 'active' }],
  },
  {
    name: 'a login',
    act: ({ client, base }) => client.post(`${base}/login`, credentials),
    events: [{ type: 'session.started' }],
  },
  {
    name: 'a wrong password',
    act: ({ client, base }) => client.post(`${base}/login`, { ...credentials, password: 'wrong' }),
    events: [{ type: 'login.failed', reason: 'wrong_password' }],
  },
  {
    name: 'a refresh',
    act: ({ client, base, ada }) =>
      client.post(`${base}/refresh`, undefined, ada.session.refreshToken),
    events: [{ type: 'session.refreshed' }],
  },
  {
    name: 'a refresh token that was used twice',
    act: async ({ client, base, clock, ada }) => {
      for (let turn = 0; turn < 2; turn += 1) {
        const { refreshToken } = ada.session
        const { body } = await client.post(`${base}/refresh`, undefined, refreshToken)
        if (turn === 0) await client.post(`${base}/refresh`, undefined, body.refreshToken)
        clock.advance(36)
      }
    },
    events: [
      { type: 'session.refreshed' },
      { type: 'session.refreshed' },
      { type: 'session.ended', reason: 'refresh_reuse' },
    ],
  },
  {
    name: 'a logout, told once',
    act: async ({ client, base, ada }) => {
      await client.post(`${base}/logout`, undefined, ada.session.accessToken)
      await client.post(`${base}/logout`, undefined, ada.session.accessToken)
    },
    events: [{ type: 'session.ended', reason: 'logout' }],
  },
  {
    name: 'a revocation',
    act: ({ client, base, ada }) =>
      client.post(`${base}/revoke`, { token: ada.session.refreshToken }),
    events: [{ type: 'session.ended', reason: 'revoked' }],
  },
  {
    name: 'the end of a session by its owner',
    act: ({ client, base, ada }) =>
      client.delete(`${base}/sessions/${ada.session.sessionId}`, ada.session.accessToken),
    events: [{ type: 'session.ended', reason: 'ended_by_user' }],
  },
  {
    name: 'the end of all other sessions',
    act: ({ client, base, ada }) => client.delete(`${base}/sessions`, ada.session.accessToken),
    events: [{ type: 'session.others_ended' }],
  },
  {
    name: 'a change of the password',
    act: ({ client, base, ada }) =>
      client.post(`${base}/password/change`, change, ada.session.accessToken),
    events: [{ type: 'password.changed' }, { type: 'session.started' }],
  },
  {
    name: 'a refused change of the password',
    act: ({ client, base, ada }) => {
      const body = { ...change, currentPassword: 'wrong' }
      return client.post(`${base}/password/change`, body, ada.session.accessToken)
    },
    events: [{ type: 'reauthentication.failed', purpose: 'change_password' }],
  },
  {
    name: 'a reset of the password',
    act: async ({ client, base, outbox }) => {
      const { identifier } = credentials
      await client.post(`${base}/password/forgot`, { identifier })
      const token = tokenIn((await outbox.next('reset_password', identifier)).link)
      await client.post(`${base}/password/reset`, { token, newPassword: NEW_PASSWORD })
    },
    events: [{ type: 'password.reset_requested' }, { type: 'password.reset' }],
  },
]

async function play(host: Host, { act }: Story) {
  const setup = await host.setUp()
  const ada = await accountOf(setup)
  const client = await host.serve(setup.auth)
  await settled(setup.auth)
  const before = setup.events.length
  await act({ ...setup, client, base: host.base, ada })
  await settled(setup.auth)
  const logged = await eventsOf(setup.store)
  return { told: setup.events.slice(before), logged, clock: setup.clock }
}

function recordOf(logged: readonly EventRecord[], { id }: RecordedEvent): EventRecord | undefined {
  return logged.find((record) => record.id === id)
}

const failures: readonly AuthEventType[] = [
  'login.failed',
  'reauthentication.failed',
  'user.registration_repeated',
]

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    for (const story of stories) {
      it(`S115 tells of ${story.name}`, async () => {
        const { told, logged } = await play(host, story)
        expect(told).toEqual(story.events.map((event) => expect.objectContaining(event)))
        for (const event of told) {
          expect(event).toMatchObject({ userId: expect.any(String), at: expect.any(Date) })
          expect(event.client).toEqual({ ip: '127.0.0.1', userAgent: expect.any(String) })
          if (event.type === 'session.refreshed') continue
          const outcome = failures.includes(event.type) ? 'failure' : 'success'
          const { id, at, type, userId } = event
          const client = { ip: '127.0.0.1', userAgent: event.client?.userAgent }
          expect(recordOf(logged, event)).toMatchObject({
            id,
            at,
            type,
            userId,
            outcome,
            ...client,
          })
        }
      })
    }
  })
}

it('S115 tells of whoever was let in nowhere, and why', async () => {
  const setup = setUp()
  const { session, user } = await accountOf(setup)
  const client = await hostsInTurn[0]?.serve(setup.auth)
  setup.clock.advance(61)
  await settled(setup.auth)
  const before = setup.events.length
  await client?.get('/staff', session.accessToken)
  await client?.get('/fresh', session.accessToken)
  await client?.post('/login', { identifier: 'nobody@example.com', password: PASSWORD })
  await settled(setup.auth)
  const subject = { userId: user.id, sessionId: session.sessionId }
  const ip = { client: expect.objectContaining({ ip: '127.0.0.1' }) }
  expect(setup.events.slice(before)).toEqual([
    expect.objectContaining({ type: 'access.denied', reason: 'forbidden', ...subject, ...ip }),
    expect.objectContaining({
      type: 'access.denied',
      reason: 'reauth_required',
      ...subject,
      ...ip,
    }),
    expect.objectContaining({ type: 'login.failed', reason: 'unknown_identifier', ...ip }),
  ])
})

it('S115 goes on when a listener fails, and reports it', async () => {
  const failure = new Error('the listener failed')
  const setup = setUp()
  setup.auth.on('*', () => {
    throw failure
  })
  const { session } = await accountOf(setup)
  expect(await setup.auth.authenticate(session.accessToken)).toBeDefined()
  await settled(setup.auth)
  expect(new Set(setup.errors)).toEqual(new Set([failure]))
  const events = await eventsOf(setup.store)
  expect(events.map(({ type }) => type).sort()).toEqual([
    'session.started',
    'user.activated',
    'user.registered',
  ])
})
