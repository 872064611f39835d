import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type Migrated,
  migrated,
  postgres,
} from '../../packages/sql-store/test/support/databases.ts'
import type { OwnServer } from '../servers/own-server.ts'
import { hasRedis, startRedis } from '../servers/redis.ts'
import { endings } from './endings.ts'
import type { NodeSettings } from './protocol.ts'
import { openScene, type Scene } from './scene.ts'
import { now, watch } from './watch.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Whatever fails. */
const BOUND_MS = 5000

/** After which a node has refused it for good, or never will. */
const PATIENCE_MS = 20_000

const four = (one: Omit<NodeSettings, 'url'>) => [one, one, one, one]

const settings: Readonly<Record<string, readonly Omit<NodeSettings, 'url'>[]>> = {
  'that poll': four({ push: null, ahead: 0 }),
  'that are woken by PostgreSQL': four({ push: 'postgres', ahead: 0 }),
  'that are woken by Redis': four({ push: 'redis', ahead: 0 }),
  'whose clocks are 30 s apart': [0, 30, 0, 30].map((ahead) => ({ push: null, ahead })),
}

for (const [title, nodes] of Object.entries(settings)) {
  describe.skipIf(!postgres.available || !hasRedis)(`four processes on PostgreSQL ${title}`, () => {
    let database: Migrated
    let scene: Scene
    let redis: OwnServer

    beforeAll(async () => {
      database = await migrated(postgres)
      redis = await startRedis()
      const { url } = database
      scene = await openScene(nodes.map((one) => ({ ...one, url, redisUrl: redis.url })))
    })
    afterAll(async () => {
      await scene?.stop()
      await redis?.stop()
      await database?.drop()
    })

    describe('S047 refuse an access token, on the acting node at once, on the others in time, after', () => {
      for (const [ending, end] of Object.entries(endings)) {
        it.concurrent(ending, async () => {
          const victim = scene.victims[ending]
          const [acting] = scene.nodes
          if (victim === undefined || acting === undefined) throw new Error('there is no victim')
          const until = now() + PATIENCE_MS
          const sightings = scene.nodes.map((node) => watch(node, victim.accessToken, until))
          await end({ node: acting, administrator: scene.administrator }, victim)
          const ended = now()
          for (const [index, sighting] of (await Promise.all(sightings)).entries()) {
            const { lastAdmitted, strange } = sighting
            expect(strange).toEqual([])
            expect(lastAdmitted, 'it was let in before').toBeGreaterThan(0)
            expect(lastAdmitted - ended).toBeLessThan(index === 0 ? 0 : BOUND_MS)
          }
        })
      }
    })
  })
}
