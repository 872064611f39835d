import { describe, expect, it } from 'vitest'
import type { Route } from '../../packages/core/src/http/route.ts'
import { routes } from '../../packages/core/src/http/routes.ts'
import { allUsers, enlist, type Member, ranked, userOf } from '../support/administration.ts'
import { type Host, plainHosts } from '../support/hosts.ts'
import type { Answer, HttpClient } from '../support/http-client.ts'
import { everyRoute, routeBodies } from '../support/route-bodies.ts'
import type { Setup } from '../support/setup.ts'

const UNKNOWN = '0190a5f2-0000-7000-8000-000000000000'

/** Ids that are somebody's no more than any other text, but have the form of a segment of a path of ours. */
function foreignIds({ id, principal }: Member): readonly string[] {
  return [
    UNKNOWN,
    principal.session.id.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    'me',
    '0',
    '-1',
    'null',
    'undefined',
    'constructor',
    'toString',
    id.toUpperCase(),
    id.replaceAll('-', ''),
  ]
}

/** What no path of ours has in it: all of it stays in one segment. */
function malformedIds({ id }: Member): readonly string[] {
  return [
    '__proto__',
    '..%2f',
    '..%2fme',
    '%2e%2e%2f',
    '*',
    '%25',
    '%00',
    `{${id}}`,
    `urn:uuid:${id}`,
    `${id}%00`,
    `${id}%20`,
    `%20${id}`,
    `${id}%2f`,
    `${id};`,
    `${id},${UNKNOWN}`,
    `[${id}]`,
    encodeURIComponent(JSON.stringify([id])),
    encodeURIComponent(JSON.stringify({ $ne: null })),
    encodeURIComponent("' or '1'='1"),
    'a'.repeat(65),
    'a'.repeat(10_000),
  ]
}

const actors = ['anonymous', 'another user', 'staff', 'administrator'] as const

interface Scene {
  readonly setup: Setup
  readonly client: HttpClient
  readonly members: Readonly<Record<(typeof actors)[number], Member | null>>
  readonly bob: Member
}

const served = routes.filter(({ access }) => access !== 'anyone')
const ofObjects = served.filter(({ path }) => path.includes(':id'))
const administrative = served.filter((route) => permissionOf(route) !== undefined)

function permissionOf({ access }: Route): string | undefined {
  return access === 'anyone' ? undefined : access.permission
}

async function open(host: Host): Promise<Scene> {
  const setup = await host.setUp({ ...everyRoute, ...ranked })
  return {
    setup,
    client: await host.serve(setup.auth),
    members: {
      anonymous: null,
      'another user': await enlist(setup, 'ada', ['user']),
      staff: await enlist(setup, 'sam', ['staff']),
      administrator: await enlist(setup, 'root', ['admin']),
    },
    bob: await enlist(setup, 'bob', ['user']),
  }
}

function isAllowed(actor: (typeof actors)[number], route: Route): boolean {
  const permission = permissionOf(route)
  if (actor === 'anonymous') return false
  if (permission === undefined || actor === 'administrator') return true
  const ofStaff: readonly string[] = ranked.permissions.staff
  return actor === 'staff' && ofStaff.includes(permission)
}

function ask({ client }: Scene, host: Host, route: Route, id: string, member: Member | null) {
  const row = routeBodies.find(({ method, path }) => method === route.method && path === route.path)
  const path = host.base + route.path.replace(':id', id)
  return client.json(route.method, path, row?.body, member?.accessToken)
}

/** All of the store that a request might change. */
async function everything({ setup, members, bob }: Scene): Promise<unknown> {
  const all = [...Object.values(members), bob].filter((member) => member !== null)
  const sessions = all.map(({ principal }) => setup.store.sessions.find(principal.session.id))
  return { sessions: await Promise.all(sessions), users: await allUsers(setup) }
}

// The core decides all of it: one host of each framework will do.
for (const host of plainHosts.filter(({ framework }) => !/4|2/.test(framework))) {
  describe(`served by ${host.name}`, () => {
    it('S087 no route gives what an id does not name, to nobody', {
      timeout: 30_000,
    }, async () => {
      const scene = await open(host)
      const before = await everything(scene)
      expect(ofObjects.length).toBeGreaterThan(10)
      for (const route of ofObjects) {
        for (const actor of actors) {
          for (const id of foreignIds(scene.bob)) {
            const { status } = await ask(scene, host, route, id, scene.members[actor])
            const what = `${actor}: ${route.method} ${route.path} ${id}`
            expect([what, status]).toEqual([what, expectedFor(actor, route)])
          }
        }
      }
      expect(await everything(scene)).toEqual(before)
      expect(scene.setup.errors).toEqual([])
    })

    it('S087 no other text in place of an id is a path of ours', { timeout: 30_000 }, async () => {
      const scene = await open(host)
      const before = await everything(scene)
      for (const route of ofObjects) {
        for (const id of malformedIds(scene.bob)) {
          const { status } = await ask(scene, host, route, id, scene.members.administrator)
          const what = `${route.method} ${route.path} ${id.slice(0, 80)}`
          expect([what, status]).toEqual([what, 404])
        }
      }
      expect(await everything(scene)).toEqual(before)
      expect(scene.setup.errors).toEqual([])
    })

    it('S087 no route gives what is somebody else’s, unless a permission does', async () => {
      const scene = await open(host)
      const before = await everything(scene)
      for (const route of ofObjects) {
        for (const actor of actors.filter((one) => one !== 'administrator')) {
          if (permissionOf(route) !== undefined && isAllowed(actor, route)) continue
          for (const id of [scene.bob.id, scene.bob.principal.session.id]) {
            const { status } = await ask(scene, host, route, id, scene.members[actor])
            const what = `${actor}: ${route.method} ${route.path}`
            expect([what, status]).toEqual([what, expectedFor(actor, route)])
          }
        }
      }
      expect(await everything(scene)).toEqual(before)
    })

    it('S086 every administrative route is closed unless a role opens it', async () => {
      const scene = await open(host)
      const before = await everything(scene)
      expect(administrative.length).toBeGreaterThan(14)
      for (const route of administrative) {
        for (const actor of actors.filter((one) => !isAllowed(one, route))) {
          const { status } = await ask(scene, host, route, scene.bob.id, scene.members[actor])
          const what = `${actor}: ${route.method} ${route.path}`
          expect([what, status]).toEqual([what, actor === 'anonymous' ? 401 : 403])
        }
      }
      expect(await everything(scene)).toEqual(before)
    })

    it('S086 a permission of another name opens nothing, and neither does a role that is not configured', async () => {
      const scene = await open(host)
      const { auth, store } = scene.setup
      const eve = await enlist(scene.setup, 'eve', ['user'])
      const { version } = await userOf(scene.setup, eve.id)
      await store.users.update(eve.id, version, {
        roles: ['root', 'ADMIN', 'admin ', '*'],
        claimsVersion: 1,
      })
      const { accessToken } = await auth.refresh({ refreshToken: eve.refreshToken })
      for (const route of administrative) {
        const { status } = await ask(scene, host, route, scene.bob.id, { ...eve, accessToken })
        expect([route.operation, status]).toEqual([route.operation, 403])
      }
    })

    it('S089 no answer of administration tells of the inside', async () => {
      const scene = await open(host)
      const { setup, bob } = scene
      const found = await setup.store.sessions.find(bob.principal.session.id)
      const inside = [found?.session.salt, found?.user.passwordHash, '$argon2', 'correct horse']
      for (const route of administrative.toSorted(harmlessFirst)) {
        const answer = await ask(scene, host, route, bob.id, scene.members.administrator)
        expect([route.operation, namesIn(answer.body).filter(isInner)]).toEqual([
          route.operation,
          [],
        ])
        const told = answer.text + JSON.stringify([...answer.headers])
        for (const secret of inside) expect(told).not.toContain(secret ?? 'nothing to be found')
      }
    })
  })
}

function expectedFor(actor: (typeof actors)[number], route: Route): number {
  if (actor === 'anonymous') return 401
  return isAllowed(actor, route) ? 404 : 403
}

/** What ends accounts and sessions comes last. */
function harmlessFirst(a: Route, b: Route): number {
  const weight = ({ method }: Route) => ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'].indexOf(method)
  return weight(a) - weight(b)
}

const TOLD = ['hasPassword', 'failedLogins', 'accessToken', 'refreshToken', 'tokenType']
const INNER =
  /hash|salt|token|secret|epoch|version|failed|locked|generation|pepper|password|leaving/i

function isInner(name: string): boolean {
  return INNER.test(name) && !TOLD.includes(name)
}

/** The names of all members, however deep. */
function namesIn(value: Answer['body']): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)])
}
