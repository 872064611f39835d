import { expect, it } from 'vitest'
import { allUsers } from '../support/administration.ts'
import { hostsInTurn } from '../support/hosts.ts'
import { everyRoute, routeBodies, stringMembers, withMember } from '../support/route-bodies.ts'
import { accountOf, PASSWORD } from '../support/setup.ts'

const injections = [
  `' or '1'='1`,
  `" or "1"="1`,
  `'; update latchkey_users set roles = '["admin"]'; --`,
  `\\'; drop table latchkey_users; #`,
  `' union select password_hash from latchkey_users --`,
  `1) or sleep(5)#`,
  '$1',
  '?',
  '%',
]

const members = routeBodies.flatMap((route) =>
  stringMembers(route.body).map((path) => ({ ...route, path })),
)

const queries = [
  ...['search', 'role', 'status', 'sort', 'order', 'cursor', 'limit'].map((name) => [
    '/users',
    name,
  ]),
  ...['search', 'role', 'format'].map((name) => ['/users/export', name]),
  ...['type', 'userId', 'cursor', 'limit'].map((name) => ['/events', name]),
] as const

// The store decides all of it, on whatever host; other databases are fuzzed.
for (const host of hostsInTurn.filter(({ store }) => store === 'SQLite').slice(0, 1)) {
  it(`S100 takes SQL for a text like any other, served by ${host.name}`, async () => {
    const setup = await host.setUp(everyRoute)
    await accountOf(setup)
    const root = { email: 'root@example.com', password: PASSWORD, roles: ['admin'] }
    await setup.auth.createUser(root)
    const { accessToken } = await setup.auth.login({ identifier: root.email, password: PASSWORD })
    const client = await host.serve(setup.auth)
    const before = await allUsers(setup)
    for (const text of injections) {
      for (const { method, at, own, body, path } of members) {
        const sent = withMember(body, path, text)
        const answer = await client.json(method, host.base + at, sent, own && accessToken)
        expect(answer.status, `${at} ${path.join('.')} ${text}`).toBeLessThan(500)
      }
      for (const [path, name] of queries) {
        const target = `${host.base}${path}?${name}=${encodeURIComponent(text)}`
        const answer = await client.get(target, accessToken)
        expect(answer.status, target).toBeLessThan(500)
        expect(answer.text).not.toContain('$argon2')
      }
    }
    expect(setup.errors).toEqual([])
    const after = await allUsers(setup)
    const lasting = after.filter(({ id }) => before.some((user) => user.id === id))
    expect(lasting.map(({ id, roles, email }) => ({ id, roles, email }))).toEqual(
      before.map(({ id, roles, email }) => ({ id, roles, email })),
    )
    expect(after.filter(({ roles }) => roles.includes('admin'))).toHaveLength(1)
  })
}
