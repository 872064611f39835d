import { expect } from 'vitest'
import { recordOf } from '../support/onboarding.ts'
import { tokenIn } from '../support/setup.ts'
import {
  type Account,
  changePassword,
  type ExpectedSession,
  endSession,
  endSessions,
  type Model,
  mailedBy,
  newPassword,
  renew,
  statusOf,
  voidRegistrations,
  voidReset,
  type World,
} from './accounts-model.ts'

/** Who does something, and where. */
interface Scene {
  readonly model: Model
  readonly world: World
  readonly account: Account
  /** One of these. */
  pick<Item>(items: readonly Item[]): Item
}

/** Something that a user does. */
export interface Deed {
  /** How often it is done, next to others. @default 1 */
  readonly weight?: number
  /** Whether it can be done. */
  can?(account: Account, model: Model): boolean
  act(scene: Scene): Promise<void>
}

// Access tokens work for ten minutes: none is to end in a story.
const LONGEST = 500

const knownPasswords = ({ password, oldPasswords, registrations }: Account) => [
  'a mere guess',
  ...oldPasswords,
  ...registrations.map((one) => one.password),
  ...(password === '' ? [] : Array.from({ length: 6 }, () => password)),
]
const hasSession = ({ sessions }: Account) => sessions.length > 0
const isAlive = ({ alive }: ExpectedSession) => alive
const lives = ({ sessions }: Account) => sessions.some(isAlive)

/** All that is done in stories. */
export const deeds: Readonly<Record<string, Deed>> = {
  registers: {
    async act({ model, world, account }) {
      const password = newPassword(model)
      const { email } = account
      const mailed = await mailedBy(world, email, async () => {
        expect((await world.client.post('/register', { email, password })).status).toBe(202)
      })
      const link = mailed.find(({ kind }) => kind.startsWith('activate'))?.link
      const isFree = account.state === 'none' || account.state === 'pending'
      expect(link !== undefined).toBe(isFree)
      if (!isFree) return void account.oldPasswords.push(password)
      account.state = 'pending'
      account.registrations.push({ token: tokenIn(link), password })
    },
  },

  activates: {
    weight: 3,
    can: ({ registrations }) => registrations.length > 0,
    async act({ model, world, account, pick }) {
      const { token, password } = pick(account.registrations)
      expect((await world.client.post('/activate', { token })).status).toBe(200)
      account.id = await idOf(account, world)
      account.state = 'active'
      account.password = password
      voidRegistrations(model, account)
      account.reset = null // whether it works now is told elsewhere
    },
  },

  'logs in': {
    weight: 4,
    async act({ world, account, pick }) {
      const password = pick(knownPasswords(account))
      const { email: identifier, state } = account
      const answer = await world.client.post('/login', { identifier, password })
      const isRight = state === 'active' && password === account.password
      expect(isRight ? [200] : [401, 403]).toContain(answer.status)
      if (!isRight) return
      const { sessionId: id, accessToken, refreshToken } = answer.body
      account.sessions.push({ id, accessToken, refreshToken, alive: true, spent: [] })
    },
  },

  refreshes: {
    weight: 6,
    can: lives,
    async act({ world, account, pick }) {
      const session = pick(account.sessions.filter(isAlive))
      const { refreshToken } = session
      const answer = await world.client.post('/refresh', { refreshToken })
      expect(answer.status).toBe(200)
      renew(session, answer.body)
    },
  },

  'shows a spent token': {
    weight: 4,
    can: ({ sessions }) => sessions.some(({ spent, alive }) => alive && spent.length > 0),
    async act({ model, world, account, pick }) {
      const session = pick(account.sessions.filter(({ spent, alive }) => alive && spent.length > 0))
      const refreshToken = pick(session.spent)
      const answer = await world.client.post('/refresh', { refreshToken })
      expect([200, 401]).toContain(answer.status)
      if (answer.status === 200) return renew(session, answer.body)
      const { status } = await world.client.get('/me', session.accessToken)
      // A refusal has ended the session: there are two who have its tokens.
      expect(status).toBe(401)
      endSession(model, session)
    },
  },

  'logs out': {
    can: hasSession,
    async act({ model, world, account, pick }) {
      const session = pick(account.sessions)
      const answer = await world.client.post('/logout', undefined, session.accessToken)
      expect(answer.status).toBe(204)
      endSession(model, session)
    },
  },

  'changes the password': {
    weight: 3,
    can: lives,
    async act({ model, world, account, pick }) {
      const { accessToken } = pick(account.sessions.filter(isAlive))
      const currentPassword = pick(knownPasswords(account))
      const next = newPassword(model)
      const body = { currentPassword, newPassword: next }
      const answer = await world.client.post('/password/change', body, accessToken)
      const isRight = currentPassword === account.password
      expect(answer.status).toBe(isRight ? 200 : 403)
      if (!isRight) return
      changePassword(model, account, next)
      const { sessionId: id, ...tokens } = answer.body
      account.sessions.push({ id, ...tokens, alive: true, spent: [] })
    },
  },

  'forgets the password': {
    weight: 2,
    async act({ model, world, account }) {
      const { email: identifier } = account
      const mailed = await mailedBy(world, identifier, async () => {
        expect((await world.client.post('/password/forgot', { identifier })).status).toBe(202)
      })
      const link = mailed.find(({ kind }) => kind === 'reset_password')?.link
      expect(link !== undefined).toBe(account.state === 'active' || account.state === 'pending')
      if (link === undefined) return
      voidReset(model, account)
      account.reset = tokenIn(link)
    },
  },

  'chooses a password': {
    weight: 6,
    can: ({ reset }) => reset !== null,
    async act({ model, world, account }) {
      const password = newPassword(model)
      const body = { token: account.reset, newPassword: password }
      const { status } = await world.client.post('/password/reset', body)
      const may = account.state === 'active' || account.state === 'pending'
      expect(status < 300).toBe(may)
      if (!may) return
      account.state = 'active'
      changePassword(model, account, password)
      voidRegistrations(model, account)
      account.id = await idOf(account, world)
    },
  },

  'is disabled': {
    can: ({ state }) => state === 'active',
    async act({ model, world, account }) {
      const path = `/users/${account.id}/disable`
      expect((await world.client.post(path, undefined, world.root)).status).toBeLessThan(300)
      account.state = 'disabled'
      endSessions(model, account)
      account.reset = null
    },
  },

  'is enabled': {
    weight: 2,
    can: ({ state }) => state === 'disabled',
    async act({ world, account }) {
      const path = `/users/${account.id}/enable`
      expect((await world.client.post(path, undefined, world.root)).status).toBeLessThan(300)
      account.state = 'active'
    },
  },

  'ends the other sessions': {
    can: lives,
    async act({ model, world, account, pick }) {
      const session = pick(account.sessions.filter(isAlive))
      expect((await world.client.delete('/sessions', session.accessToken)).status).toBe(204)
      endSessions(model, account, session)
    },
  },

  'ends somebody’s session': {
    can: (account, { accounts }) => lives(account) && accounts.some(hasSession),
    async act({ model, world, account, pick }) {
      const { accessToken } = pick(account.sessions.filter(isAlive))
      const session = pick(model.accounts.flatMap(({ sessions }) => sessions))
      const isOwn = account.sessions.includes(session)
      const { status } = await world.client.delete(`/sessions/${session.id}`, accessToken)
      expect(status).toBe(isOwn && session.alive ? 204 : 404)
      if (isOwn) endSession(model, session)
    },
  },

  'deletes the account': {
    can: lives,
    async act({ model, world, account, pick }) {
      const { accessToken } = pick(account.sessions.filter(isAlive))
      const { password: currentPassword } = account
      const answer = await world.client.json('DELETE', '/me', { currentPassword }, accessToken)
      expect(answer.status).toBe(200)
      changePassword(model, account, '')
      Object.assign(account, { state: 'none', id: '' })
    },
  },

  waits: {
    can: (_account, { elapsed }) => elapsed < LONGEST,
    async act({ model, world, pick }) {
      const seconds = pick([1, 20, 31])
      model.elapsed += seconds
      world.setup.clock.advance(seconds)
    },
  },

  'shows what was refused': {
    weight: 2,
    can: (_account, { refused }) => refused.length > 0,
    async act({ model, world, pick }) {
      const { place, token } = pick(model.refused)
      expect(await statusOf(world, { place, token })).toBeGreaterThanOrEqual(400)
    },
  },
}

async function idOf({ email }: Account, { setup }: World): Promise<string> {
  return (await recordOf(setup, email)).id
}
