import { describe, expect, it } from 'vitest'
import { anEvent } from '../../packages/core/src/testing/store/records.ts'
import { type Host, hostsInTurn } from '../support/hosts.ts'
import type { Answer } from '../support/http-client.ts'
import { expectProblem, pointersOf, settled } from '../support/problems.ts'
import { accountOf, PASSWORD, type Setup } from '../support/setup.ts'

/** Somebody who may read the log, whatever else. */
async function readerWith({ auth }: Setup, roles: readonly string[]) {
  const email = `${roles.join('-') || 'nobody'}@example.org`
  const { id } = await auth.createUser({ email, password: PASSWORD, roles: [...roles] })
  const { accessToken } = await auth.login({ identifier: email, password: PASSWORD })
  return { id, accessToken }
}

/** Ada, Bob, and an auditor, whose role reads the log and allows nothing else. */
async function stageOn(host: Host) {
  const setup = await host.setUp({ permissions: { staff: ['events:read'] } })
  const ada = await accountOf(setup)
  const bob = await accountOf(setup, 'bob@example.com')
  const auditor = await readerWith(setup, ['staff'])
  const client = await host.serve(setup.auth)
  await settled(setup.auth)
  const get = (path: string, bearer: string | undefined = auditor.accessToken) =>
    client.get(host.base + path, bearer)
  return { setup, ada, bob, auditor, client, get }
}

const typesIn = ({ body }: Answer): readonly string[] =>
  body.events.map(({ type }: { type: string }) => type)
const idsIn = ({ body }: Answer): readonly string[] =>
  body.events.map(({ id }: { id: string }) => id)

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    it('S086 lets nobody read the log whose role does not allow it', async () => {
      const { setup, ada, client, get } = await stageOn(host)
      expectProblem(await client.get(`${host.base}/events`), 401, 'unauthenticated')
      expectProblem(await client.get(`${host.base}/me/events`), 401, 'unauthenticated')
      expectProblem(await get('/events', ada.session.accessToken), 403, 'forbidden')
      expectProblem(await get('/events?userId=me', ada.session.accessToken), 403, 'forbidden')
      const admin = await readerWith(setup, ['admin'])
      expect((await get('/events', admin.accessToken)).status).toBe(200)
      const demoted = await readerWith(setup, [])
      expectProblem(await get('/events', demoted.accessToken), 403, 'forbidden')
      expect((await get('/me/events', demoted.accessToken)).status).toBe(200)
    })

    it('S115 tells all that is known of an event, newest first', async () => {
      const { ada, bob, auditor, get } = await stageOn(host)
      const answer = await get('/events')
      expect(typesIn(answer)).toEqual([
        'session.started',
        'user.created',
        ...['session.started', 'user.activated', 'user.registered'],
        ...['session.started', 'user.activated', 'user.registered'],
      ])
      const users = answer.body.events.map(({ userId }: { userId: string }) => userId)
      expect(users).toEqual([
        ...[auditor.id, auditor.id],
        ...[bob.user.id, bob.user.id, bob.user.id],
        ...[ada.user.id, ada.user.id, ada.user.id],
      ])
      expect(answer.body.events.at(-3)).toEqual({
        id: expect.any(String),
        at: '2030-01-01T00:00:00.000Z',
        type: 'session.started',
        outcome: 'success',
        userId: ada.user.id,
        actorId: null,
        sessionId: ada.session.sessionId,
        ip: null,
        userAgent: null,
        data: { methods: ['pwd'] },
      })
      expect(answer.body.cursor).toBeNull()
    })

    it('S087 S088 tells everybody of their own account, whomever the request names', async () => {
      const { ada, bob, get, client } = await stageOn(host)
      const { id } = bob.user
      const headers = {
        authorization: `Bearer ${ada.session.accessToken}`,
        'x-user-id': id,
        cookie: `userId=${id}; sub=${id}`,
      }
      const own = await client.send('GET', `${host.base}/me/events`, { headers })
      expect(new Set(own.body.events.map(({ userId }: { userId: string }) => userId))).toEqual(
        new Set([ada.user.id]),
      )
      for (const name of ['userId', 'actorId', 'sub', 'from', '__proto__']) {
        const named = await get(`/me/events?${name}=${id}`, ada.session.accessToken)
        expectProblem(named, 422, 'invalid_input')
        expect(pointersOf(named)).toEqual([`/${name}`])
      }
    })

    it('S094 gives each event exactly once, page by page, while others are written', async () => {
      const { setup, get } = await stageOn(host)
      const { events } = (await get('/events')).body
      const seen: string[] = []
      let cursor: string | null = ''
      for (let page = 0; cursor !== null && page < 10; page += 1) {
        const answer = await get(`/events?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
        seen.push(...idsIn(answer))
        cursor = answer.body.cursor
        setup.clock.advance(1)
        await setup.auth.login({ identifier: 'ada@example.com', password: PASSWORD })
        await settled(setup.auth)
      }
      expect(seen).toEqual(events.map(({ id }: { id: string }) => id))
    })

    it('S115 finds what is asked for', async () => {
      const { setup, ada, bob, get } = await stageOn(host)
      setup.clock.advance(60)
      const wrong = { identifier: 'ada@example.com', password: 'a wrong password' }
      await setup.auth.login(wrong).catch(() => {})
      const about = { userId: ada.user.id, actorId: bob.user.id, type: 'user.disabled' }
      await setup.store.events.append([anEvent({ ...about, at: setup.clock.now() })])
      await settled(setup.auth)
      const find = async (query: string) => typesIn(await get(`/events?${query}`))
      expect(await find('type=user.activated')).toEqual(['user.activated', 'user.activated'])
      expect(await find('outcome=failure')).toEqual(['login.failed'])
      expect(await find(`userId=${ada.user.id}&outcome=success&limit=1`)).toHaveLength(1)
      expect(await find(`actorId=${bob.user.id}`)).toEqual(['user.disabled'])
      expect(await find('from=2030-01-01T00:01:00Z&type=login.failed')).toHaveLength(1)
      expect(await find('from=2030-01-01T00:01:00.001Z')).toEqual([])
      expect(await find('before=2030-01-01T01%3A01%3A00%2B01:00&type=login.failed')).toEqual([])
      const own = await get('/me/events?type=user.disabled', ada.session.accessToken)
      expect(typesIn(own)).toEqual(['user.disabled'])
    })

    it('shows who did it to the owner of an account, but not from where', async () => {
      const { setup, ada, bob, get } = await stageOn(host)
      const client = { ip: '192.0.2.7', userAgent: 'Browser' }
      const about = { userId: ada.user.id, type: 'user.impersonated', ...client }
      await setup.store.events.append([
        anEvent({ ...about, at: new Date('2031-01-01'), actorId: bob.user.id }),
        anEvent({ ...about, at: new Date('2030-12-31'), actorId: null }),
      ])
      const [byBob, byAda] = (await get('/me/events', ada.session.accessToken)).body.events
      expect(byBob).toMatchObject({ actorId: bob.user.id, ip: null, userAgent: null })
      expect(byAda).toMatchObject({ actorId: null, ...client })
      const [toAuditor] = (await get('/events')).body.events
      expect(toAuditor).toMatchObject({ actorId: bob.user.id, ...client })
    })
  })
}

const id = '0190a5f2-0000-7000-8000-000000000000'
const cursorOf = (...place: readonly unknown[]) =>
  Buffer.from(JSON.stringify(place)).toString('base64url')

describe('S094 the query', () => {
  const [host] = hostsInTurn as readonly [Host, ...Host[]]

  it.each([
    ...['limit=0', 'limit=201', 'limit=-1', 'limit=1e2', 'limit=NaN', 'limit=', 'limit=1.0'],
    ...['limit=%31%00', 'cursor=', 'cursor=nonsense', 'cursor=%00', `cursor=${'A'.repeat(1025)}`],
    ...[`cursor=${cursorOf()}`, `cursor=${cursorOf('1', id)}`, `cursor=${cursorOf(1, 'me')}`],
    ...[
      `cursor=${cursorOf(1e300, id)}`,
      `cursor=${cursorOf(-1, id)}`,
      `cursor=${cursorOf(0.5, id)}`,
    ],
    ...[`cursor=${cursorOf(1, id, 1)}`, `cursor=${cursorOf(1, id)}%3D`, 'cursor=e30'],
    ...[
      `userId=${id.toUpperCase()}`,
      'userId=me',
      'userId=0',
      'userId=',
      'userId=%25',
      'actorId=_',
    ],
    ...['type=', 'type=%25', 'type=session.begun', 'type=constructor', 'outcome=both', 'outcome='],
    ...['from=yesterday', 'from=2030-02-30', 'from=1', 'from=9999999', 'before=-271821-04-20'],
    ...['from=2030-01-01T00:00:00', 'before=2030-01-01T00:00:00Z%00', 'before=+010000-01-01'],
  ])('is refused with its member: %s', async (query) => {
    const { get } = await stageOn(host)
    const answer = await get(`/events?${query}`)
    expectProblem(answer, 422, 'invalid_input')
    expect(pointersOf(answer)).toEqual([`/${query.split('=')[0]}`])
  })

  it('is refused with names that there are not, and with one that stands twice', async () => {
    const { get } = await stageOn(host)
    for (const name of ['sort', 'offset', 'userId[]', 'userId[$ne]', 'q', '']) {
      const answer = await get(`/events?${encodeURIComponent(name)}=1`)
      expect([name, answer.status, answer.body.code]).toEqual([name, 422, 'invalid_input'])
    }
    for (const query of ['limit=1&limit=1', 'userId=a&userId=b', 'limit=1&%6cimit=2']) {
      expectProblem(await get(`/events?${query}`), 400, 'invalid_request')
    }
  })

  it('gives 50 unless it is told, and 200 at most', async () => {
    const { setup, get } = await stageOn(host)
    await setup.store.events.append(Array.from({ length: 210 }, () => anEvent({})))
    expect(idsIn(await get('/events'))).toHaveLength(50)
    expect(idsIn(await get('/events?limit=200'))).toHaveLength(200)
  })
})
