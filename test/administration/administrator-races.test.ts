import { setTimeout } from 'node:timers/promises'
import type { Auth, Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { sqlStore } from '@latchkey/sql-store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  mariadb,
  migrated,
  postgres,
  sqlite,
} from '../../packages/sql-store/test/support/databases.ts'
import {
  type Administrator,
  administrators,
  assign,
  type DepartureName,
  departures,
  remaining,
} from '../support/administrators.ts'
import { chance } from '../support/chance.ts'
import { intercept } from '../support/nodes.ts'
import { outcome } from '../support/onboarding.ts'
import { setUp } from '../support/setup.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

/** Who takes whom away, and how: the first is taken away by the second, and so on around the ring. */
type Ring = readonly [DepartureName, DepartureName, ...DepartureName[]]

const pairs: readonly (readonly [DepartureName, DepartureName])[] = [
  ['demoted', 'disabled'],
  ['demoted', 'deleted'],
  ['disabled', 'deleted'],
  ['demoted', 'deleted by themselves'],
  ['disabled', 'deleted by themselves'],
  ['deleted by themselves', 'deleted by themselves'],
]
const three: Ring = ['demoted', 'disabled', 'deleted']

/** Nodes on one store. */
interface Nodes {
  readonly auths: readonly [Auth, ...Auth[]]
  readonly store: Store
}

/** Lets them leave at once; says that at least one remains, and resolves what each was answered. */
async function race(
  { auths, store }: Nodes,
  ring: Ring,
  all: readonly Administrator[],
): Promise<readonly string[]> {
  const answers = await Promise.all(
    ring.map((name, index) => {
      const target = all[index] as Administrator
      const by = all[(index + 1) % all.length] as Administrator
      const auth = auths[index % auths.length] ?? auths[0]
      return outcome(departures[name](auth, target, by))
    }),
  )
  const { active, marked } = await remaining(store, all)
  expect([active > 0, marked], `${ring}: ${answers}`).toEqual([true, 0])
  expect(active).toBe(ring.length - answers.filter((answer) => answer === 'ok').length)
  return answers
}

/** How often each set of answers came, in the course of so many races. */
async function races(nodes: Nodes, ring: Ring, times: number): Promise<Map<string, number>> {
  const { auths, store } = nodes
  const seen = new Map<string, number>()
  const enlist = () => administrators(auths[0], ring.length)
  let all = await enlist()
  for (let run = 0; run < times; run += 1) {
    const answers = [...(await race(nodes, ring, all))].sort().join(' ')
    seen.set(answers, (seen.get(answers) ?? 0) + 1)
    // Who was merely demoted can be made an administrator again, and is still logged in.
    const roles = ring.every((name) => name === 'demoted') ? ['user', 'admin'] : []
    await assign(store, all, roles)
    if (roles.length === 0) all = await enlist()
  }
  await assign(store, all, [])
  return seen
}

/**
 * A memory store whose calls take their turns by chance. Changes wait for so many milliseconds at most: whoever
 * gives a password comes later than the others.
 */
function shuffled(seed: number, wait = 0): Store {
  const { whole } = chance(seed)
  return intercept(memoryStore(), async (verb) => {
    if (verb === 'users.update' && wait > 0) await setTimeout(whole(0, wait))
    for (let turns = whole(0, 12); turns > 0; turns -= 1) await Promise.resolve()
  })
}

function nodeOn(store: Store): Nodes {
  return { store, auths: [setUp({ store }).auth] }
}

describe('S090 administrators who take each other away at once, in memory', () => {
  it('leave one behind, in a thousand races of two who demote each other', async () => {
    const seen = await races(nodeOn(shuffled(1)), ['demoted', 'demoted'], 1000)
    // A race in which nobody ever met would prove nothing.
    expect(seen.get('last_administrator last_administrator')).toBeGreaterThan(10)
    expect(seen.get('last_administrator ok')).toBeGreaterThan(10)
  })

  it.each(pairs)('leave one behind, where one is %s and the other is %s', async (one, other) => {
    await races(nodeOn(shuffled(2, 4)), [one, other], 75)
  })

  it('leave one behind, where there are three of them', async () => {
    await races(nodeOn(shuffled(3)), three, 150)
  })
})

for (const kind of [sqlite, postgres, mariadb]) {
  describe.skipIf(!kind.available)(
    `S090 administrators who take each other away at once, on two nodes on ${kind.name}`,
    () => {
      let url = ''
      let drop: () => Promise<void>

      beforeAll(async () => {
        const database = await migrated(kind)
        url = database.url
        drop = database.drop
      })
      afterAll(() => drop())

      it('leave one behind', async () => {
        const [store, other] = [sqlStore({ url }), sqlStore({ url })]
        const auths = [setUp({ store }).auth, setUp({ store: other }).auth] as const
        for (const [ring, times] of [
          [['demoted', 'demoted'], 200],
          ...pairs.map((pair) => [pair, 5] as const),
          [three, 10],
        ] as const) {
          await races({ auths, store }, ring, times)
        }
        for (const auth of auths) await auth.close()
        await store.close()
        await other.close()
      })
    },
  )
}
