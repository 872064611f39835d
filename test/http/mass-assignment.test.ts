import type { User } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { routes } from '../../packages/core/src/http/routes.ts'
import { allUsers, enlist, ranked, userOf } from '../support/administration.ts'
import { type Host, hostsOnMemory } from '../support/hosts.ts'
import { expectProblem, pointersOf } from '../support/problems.ts'
import { everyRoute, routeBodies } from '../support/route-bodies.ts'
import { everything } from '../support/transfer.ts'

/** What stands in no schema, in every spelling that a framework might take for something else. */
const names = [
  'id',
  'userId',
  'sub',
  'passwordHash',
  'password_hash',
  'emailVerified',
  'emailVerifiedAt',
  'status',
  'active',
  'role',
  'isAdmin',
  'permissions',
  'credentialEpoch',
  'claimsVersion',
  'version',
  'leavingAdmin',
  'deleteAfter',
  'failedLogins',
  'createdAt',
  'actor',
  'user',
  'user.roles',
  'user[roles]',
  'roles[]',
  'roles.0',
  'Roles',
  'ROLES',
  '$set',
  'constructor',
  'prototype',
] as const

// An answer names sixteen members at most.
const some = Map.groupBy(names, (_, index) => Math.floor(index / 15)).values()
const batches: readonly (readonly string[])[] = [...some, ['__proto__']]

// The schemas decide; what frameworks make of a body before is seen on these.
const chosen = hostsOnMemory.filter(
  ({ framework, base, parsesFirst }) =>
    base === '' && (framework === 'Fetch' ? !parsesFirst : parsesFirst && !/4|2/.test(framework)),
)

async function open(host: Host) {
  const setup = await host.setUp({ ...everything, ...everyRoute, ...ranked })
  const root = await enlist(setup, 'root', ['admin'])
  const bob = await enlist(setup, 'bob', ['user'])
  const client = await host.serve(setup.auth)
  return { setup, root, bob, client }
}

const bodiless = routes.filter(
  ({ method, path, takes }) => takes === null && method !== 'GET' && path.startsWith('/users/:id'),
)

/** All of a user that no route gives away. */
function authorityOf({ roles, emailVerifiedAt, passwordHash, profile, version }: User) {
  return { roles, emailVerifiedAt, passwordHash, profile, version }
}

for (const host of chosen) {
  describe(`served by ${host.name}`, () => {
    it('S011 no route takes a member that it does not name, from anybody', async () => {
      const { setup, root, bob, client } = await open(host)
      const before = await allUsers(setup)
      for (const { method, path, body, own } of routeBodies) {
        for (const batch of batches) {
          const members = batch.map((name) => `"${name}":{"roles":["admin"],"polluted":true}`)
          const text = `{${[JSON.stringify(body).slice(1, -1), ...members]}}`
          const at = host.base + path.replace(':id', bob.id)
          const answer = await client.json(method, at, text, own && root.accessToken)
          const what = `${method} ${path} ${batch}`
          if (batch.includes('__proto__') && answer.status === 400) {
            // Some parsers of hosts do not even read a member of that name.
            expectProblem(answer, 400, 'invalid_request')
          } else if (path === '/revoke') {
            // OAuth has clients send what servers do not know (RFC 7009, section 2.1).
            expect([what, answer.status, answer.text]).toEqual([what, 200, '{}'])
          } else {
            expect([what, answer.status]).toEqual([what, 422])
            expect(pointersOf(answer).toSorted()).toEqual(
              batch.map((name) => `/${name}`).toSorted(),
            )
          }
        }
      }
      expect(await allUsers(setup)).toEqual(before)
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
    })

    it('S011 a route without a body reads none', async () => {
      const { setup, root, client } = await open(host)
      const body = `{"email":"mine@example.com","roles":["admin"],"status":"active"}`
      expect(bodiless.length).toBeGreaterThan(6)
      for (const { method, path, operation = '' } of bodiless) {
        const [one, other] = [
          await enlist(setup, `${operation}-one`, ['user']),
          await enlist(setup, `${operation}-other`, ['user']),
        ]
        const at = (id: string) => `${host.base}${path.replace(':id', id)}`
        const plain = await client.send(method, at(one.id), {
          headers: { authorization: `Bearer ${root.accessToken}` },
        })
        const given = await client.json(method, `${at(other.id)}?x=1`, body, root.accessToken)
        expect([operation, given.status]).toEqual([operation, plain.status])
        const [without, withBody] = [await userOf(setup, one.id), await userOf(setup, other.id)]
        expect(authorityOf(withBody)).toEqual({
          ...authorityOf(without),
          passwordHash: without.passwordHash === null ? null : expect.any(String),
        })
      }
    })

    it('S011 a profile of any shape has no member that is more than a member', async () => {
      const { setup, root, bob, client } = await open(host)
      const profile = `{"profile":{"__proto__":{"polluted":true},"roles":["admin"],"status":"x"}}`
      for (const [path, by] of [
        ['/me', bob],
        [`/users/${bob.id}`, root],
      ] as const) {
        const answer = await client.json('PATCH', host.base + path, profile, by.accessToken)
        if (answer.status === 400) continue
        expect([path, answer.status, answer.body.roles]).toEqual([path, 200, ['user']])
        const { roles, status, profile: kept } = await userOf(setup, bob.id)
        expect([roles, status]).toEqual([['user'], 'active'])
        expect(Object.getPrototypeOf(kept)).toBe(Object.prototype)
        expect(kept.polluted).toBeUndefined()
      }
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
    })
  })
}
