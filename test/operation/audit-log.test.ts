import type { AuthEventType, EventRecord } from '@latchkey/core'
import { expect, it } from 'vitest'
import { outcomes } from '../../packages/core/src/events.ts'
import { changeUser } from '../support/changes.ts'
import { CLIENT, letEverythingHappen } from '../support/every-event.ts'
import { eventsOf } from '../support/logged-events.ts'
import { settled } from '../support/problems.ts'
import { accountOf, type Setup, setUp } from '../support/setup.ts'

/** No flow tells of these: they happen when a backup is restored. */
const NOT_BY_FLOWS: readonly string[] = ['users.restored', 'sessions.all_ended']

/** What the application does by itself. */
const WITHOUT_CLIENT: readonly string[] = ['user.created', 'session.oldest_evicted']

it('S115 tells of every decision, once it has been made, and from where', {
  timeout: 30_000,
}, async () => {
  const { setup, root, max } = await letEverythingHappen()
  expect(setup.errors).toEqual([])
  const told = new Set<string>(setup.events.map(({ type }) => type))
  const all = Object.keys(outcomes).filter((type) => !NOT_BY_FLOWS.includes(type))
  expect([...told].toSorted()).toEqual(all.toSorted())

  const logged = await eventsOf(setup.store)
  expect([...told].filter((type) => logged.every((event) => event.type !== type))).toEqual([
    'session.refreshed',
  ])
  for (const event of logged) {
    const { type, ip, userAgent, userId } = event
    // Of what is refused unseen nobody looks up whose account it would be.
    const isNobodys = type.startsWith('users.') || (type === 'limit.reached' && userId === null)
    expect([type, userId === null]).toEqual([type, isNobodys])
    expect(event.outcome).toBe(outcomes[type as AuthEventType])
    if (ip === null && WITHOUT_CLIENT.includes(type)) continue
    if (type === 'session.started' && ip === null) continue // made ready before
    expect([type, { ip, userAgent }]).toEqual([type, CLIENT])
  }
  const actorsOf = (wanted: string) => logged.filter(({ type }) => type === wanted).map(actorIdOf)
  for (const type of administered) expect([type, actorsOf(type)[0]]).toEqual([type, root.id])
  expect(actorsOf('user.change_refused')).toEqual([max.id])
})

/** What an administrator did; the first time that it happened. */
const administered: readonly AuthEventType[] = [
  'user.invited',
  'user.updated',
  'user.roles_changed',
  'user.impersonated',
  'user.sessions_ended',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'users.exported',
  'users.imported',
]

const actorIdOf = ({ actorId }: EventRecord) => actorId

it('S115 names who acts in the name of somebody else, whatever they do', async () => {
  const { setup, root } = await letEverythingHappen()
  const { events } = await setup.auth.listEvents('system', { actorId: root.id, limit: 200 })
  const own = events.filter(({ userId, type }) => userId !== null && !/^user\./.test(type))
  expect(own.map(({ type, data }) => [type, data.reason]).toReversed()).toEqual([
    ['session.started', undefined],
    ['profile.changed', undefined],
    ['access.denied', 'impersonated'],
  ])
})

async function twoAccounts() {
  const setup = setUp()
  const ada = await accountOf(setup)
  await accountOf(setup, 'bob@example.com')
  await settled(setup.auth)
  return { setup, principal: await setup.auth.authenticate(ada.session.accessToken) }
}

/** All pages, from the first on. */
async function pagesOf({ auth }: Setup, limit: number): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = []
  let cursor: string | undefined
  do {
    const page = await auth.listEvents('system', { limit, ...(cursor && { cursor }) })
    pages.push(page.events.map(({ id }) => id))
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return pages
}

it('S094 has no page that is empty, and none too many', async () => {
  const { setup } = await twoAccounts()
  const [all = []] = await pagesOf(setup, 200)
  expect(all).toHaveLength(6)
  for (const limit of [1, 2, 3, 4, 5, 6]) {
    const pages = await pagesOf(setup, limit)
    expect(pages.flat()).toEqual(all)
    expect(pages).toHaveLength(Math.ceil(6 / limit))
  }
})

it('has events of one instant in the order in which they happened', async () => {
  const { setup, principal } = await twoAccounts()
  const { events } = await setup.auth.listOwnEvents(principal)
  expect(events.map(({ type }) => type)).toEqual([
    'session.started',
    'user.activated',
    'user.registered',
  ])
})

it('S086 is read by whoever may, as the store says now, or by the application itself', async () => {
  const { setup, principal } = await twoAccounts()
  const { auth } = setup
  await expect(auth.listEvents(principal)).rejects.toMatchObject({ code: 'forbidden' })
  await changeUser(setup, principal.user.id, () => ({ roles: ['admin'] }))
  await settled(auth)
  expect((await auth.listEvents(principal, { type: 'access.denied' })).events).toHaveLength(1)
  const nobody = undefined as unknown as 'system'
  await expect(auth.listEvents(nobody)).rejects.toThrow(TypeError)
})

it('takes dates as they are', async () => {
  const { setup, principal } = await twoAccounts()
  const { auth, clock } = setup
  const now = clock.now()
  expect((await auth.listEvents('system', { from: now })).events).toHaveLength(6)
  expect((await auth.listEvents('system', { before: now })).events).toHaveLength(0)
  const wrong = auth.listOwnEvents(principal, { limit: 1.5 })
  await expect(wrong).rejects.toMatchObject({ code: 'invalid_input' })
})

it('S089 tells owners nothing of members of their profile that are not theirs to see', async () => {
  const setup = setUp({ profileRules: { rating: { read: 'administrator' } } })
  const { user, session } = await accountOf(setup)
  const [first] = await eventsOf(setup.store)
  if (first === undefined) throw new Error('the log is empty')
  const data = { fields: ['name', 'rating', '__proto__'] }
  const changed = { ...first, id: user.id, type: 'profile.changed', data }
  await setup.store.events.append([changed])
  const principal = await setup.auth.authenticate(session.accessToken)
  const type = 'profile.changed'
  const { events } = await setup.auth.listOwnEvents(principal, { type })
  expect(events[0]?.data).toEqual({ fields: ['name', '__proto__'] })
  const { events: all } = await setup.auth.listEvents('system', { type })
  expect(all[0]?.data).toEqual(data)
})
