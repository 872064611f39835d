import { expect } from 'vitest'
import { register } from '../../support/onboarding.ts'
import { accountOf, PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../../support/setup.ts'
import { ADA, NEW_PASSWORD } from './http-flows.ts'
import type { PolicyRow } from './policy-row.ts'

const HOUR = 3600
const YEAR = 365 * 24 * HOUR

/** Something that is over; `isOver` asks whether it still is. */
interface Ending {
  readonly name: string
  end(setup: Setup): Promise<{ isOver(): Promise<number> }>
}

const endings: readonly Ending[] = [
  {
    name: 'a session that was logged out',
    async end(setup) {
      const { session, client } = await served(setup)
      await client.post('/auth/logout', { refreshToken: session.refreshToken })
      return { isOver: () => statusOf(client.get('/protected', session.accessToken)) }
    },
  },
  {
    name: 'its refresh token',
    async end(setup) {
      const { session, client } = await served(setup)
      const { refreshToken } = session
      await client.post('/auth/logout', { refreshToken })
      return { isOver: () => statusOf(client.post('/auth/refresh', { refreshToken })) }
    },
  },
  {
    name: 'a session of another password',
    async end(setup) {
      const { session, client } = await served(setup)
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      await client.post('/auth/password/change', body, session.accessToken)
      return { isOver: () => statusOf(client.get('/protected', session.accessToken)) }
    },
  },
  {
    name: 'the password before',
    async end(setup) {
      const { session, client } = await served(setup)
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      await client.post('/auth/password/change', body, session.accessToken)
      const login = { identifier: ADA, password: PASSWORD }
      return { isOver: () => statusOf(client.post('/auth/login', login)) }
    },
  },
  {
    name: 'a link that was used',
    async end(setup) {
      const { client } = await served(setup)
      await setup.auth.forgotPassword({ identifier: ADA })
      const { link } = await setup.outbox.next('reset_password', ADA)
      const body = { token: tokenIn(link), newPassword: NEW_PASSWORD }
      await client.post('/auth/password/reset', body)
      return { isOver: () => statusOf(client.post('/auth/password/reset', body)) }
    },
  },
  {
    name: 'a code that was tried too often',
    async end(setup) {
      const { code = '' } = await register(setup, ADA)
      const client = await serveSetup(setup)
      const wrong = code === '000000' ? '111111' : '000000'
      const activate = (tried: string) =>
        statusOf(client.post('/auth/activate', { identifier: ADA, code: tried }))
      for (let attempt = 0; attempt < 5; attempt += 1) await activate(wrong)
      return { isOver: () => activate(code) }
    },
  },
  {
    name: 'a disabled account',
    async end(setup) {
      const { session, user, client } = await served(setup)
      await setup.auth.disableUser('system', user.id)
      return { isOver: () => statusOf(client.get('/protected', session.accessToken)) }
    },
  },
  {
    name: 'a spent refresh token whose session was seen after the grace',
    async end(setup) {
      const { session, client } = await served(setup)
      const { refreshToken } = session
      setup.clock.advance(HOUR)
      const next = await client.post('/auth/refresh', { refreshToken })
      setup.clock.advance(120)
      await client.get('/protected', next.body.accessToken)
      setup.clock.advance(-110)
      return { isOver: () => statusOf(client.post('/auth/refresh', { refreshToken })) }
    },
  },
]

const BACK = [-1, -120, -HOUR, -YEAR]
const AHEAD = [HOUR, YEAR]

export const clockRows: readonly PolicyRow[] = [
  {
    id: 'F14',
    meets: 'S114',
    fails: 'the clock is set back',
    policy:
      'fails closed: what was used, ended, tried too often or changed stays so, and a spent refresh token once its session was seen after the grace; what time alone had ended counts by the time that it is now; an access token from a future that is gone is refused',
    answer: '401, 400: log in again, ask for another link',
    cases: {
      ...Object.fromEntries(endings.map((ending) => [ending.name, () => expectOver(ending, BACK)])),
      'an access token from the future': async () => {
        const setup = setUp()
        setup.clock.advance(YEAR)
        const { session, client } = await served(setup)
        expect(await statusOf(client.get('/protected', session.accessToken))).toBe(200)
        setup.clock.advance(-HOUR)
        expect(await statusOf(client.get('/protected', session.accessToken))).toBe(401)
        const login = { identifier: ADA, password: PASSWORD }
        const again = await client.post('/auth/login', login)
        expect(await statusOf(client.get('/protected', again.body.accessToken))).toBe(200)
      },
    },
  },
  {
    id: 'F15',
    meets: 'S114',
    fails: 'the clock jumps ahead',
    policy:
      'fails closed: sessions, links and codes that end until then have ended, and nothing comes to life; so have the windows of the limits; maintenance deletes what is expired by that time',
    answer: '401, 400: log in again, ask for another link',
    cases: {
      ...Object.fromEntries(
        endings.map((ending) => [ending.name, () => expectOver(ending, AHEAD)]),
      ),
      'a session, a link and a code': async () => {
        const setup = setUp()
        const { session, client } = await served(setup)
        await setup.auth.forgotPassword({ identifier: ADA })
        const { link, code } = await setup.outbox.next('reset_password', ADA)
        setup.clock.advance(YEAR)
        const { accessToken, refreshToken } = session
        const reset = (proof: object) =>
          statusOf(client.post('/auth/password/reset', { ...proof, newPassword: NEW_PASSWORD }))
        expect(await statusOf(client.get('/protected', accessToken))).toBe(401)
        expect(await statusOf(client.post('/auth/refresh', { refreshToken }))).toBe(401)
        expect(await reset({ token: tokenIn(link) })).toBe(400)
        expect(await reset({ identifier: ADA, code })).toBe(400)
        const login = { identifier: ADA, password: PASSWORD }
        expect(await statusOf(client.post('/auth/login', login))).toBe(200)
      },
    },
  },
]

async function expectOver(ending: Ending, jumps: readonly number[]): Promise<void> {
  for (const seconds of jumps) {
    const setup = setUp()
    const { isOver } = await ending.end(setup)
    await setup.auth.close()
    setup.clock.advance(seconds)
    expect([400, 401], `after a jump of ${seconds} s`).toContain(await isOver())
  }
}

async function served(setup: Setup) {
  return { ...(await accountOf(setup)), client: await serveSetup(setup) }
}

async function statusOf(answer: Promise<{ readonly status: number }>): Promise<number> {
  return (await answer).status
}
