import { describe, expect, it, vi } from 'vitest'
import { migrated, postgres } from '../../packages/sql-store/test/support/databases.ts'
import { proxyTo } from '../support/proxy.ts'
import { endings } from './endings.ts'
import type { NodeSettings } from './protocol.ts'
import { openScene } from './scene.ts'
import { now, watch } from './watch.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Whatever fails. */
const BOUND_MS = 5000

const [LOGOUT, DISABLING] = ['a logout', 'a disabling']
const polling: NodeSettings = { url: '', push: null, ahead: 0 }

type Finish = (end: () => Promise<void>) => void

/** A node that acts, and one that has to hear of it; by a way to the database that can be silenced. */
async function twoNodes(finish: Finish, settings: Partial<NodeSettings> = {}) {
  const database = await migrated(postgres)
  const proxy = await proxyTo(database.url)
  const one = { ...polling, ...settings }
  const scene = await openScene([
    { ...one, url: database.url },
    { ...one, url: proxy.url },
  ])
  finish(async () => {
    await scene.stop()
    await proxy.close()
    await database.drop()
  })
  const [acting, other] = scene.nodes
  if (acting === undefined || other === undefined) throw new Error('there are no two nodes')
  const end = async (ending: string) => {
    const victim = scene.victims[ending]
    if (victim === undefined) throw new Error('there is no such victim')
    await endings[ending]?.({ node: acting, administrator: scene.administrator }, victim)
    return { ended: now(), victim }
  }
  return { acting, other, proxy, database, scene, end }
}

describe.skipIf(!postgres.available).concurrent('S047 nothing that was revoked is let in', () => {
  it('by a node that cannot reach PostgreSQL, nor when it can again', async ({
    onTestFinished,
  }) => {
    const { other, proxy, end } = await twoNodes(onTestFinished)
    proxy.silence(true)
    const { ended, victim } = await end(LOGOUT)
    const seen = await watch(other, victim.accessToken, now() + 2 * BOUND_MS)
    expect(seen.strange).toEqual([])
    expect(seen.lastAdmitted - ended).toBeLessThan(BOUND_MS)
    expect(seen.unavailable).toBeGreaterThan(0)
    proxy.silence(false)
    const after = await watch(other, victim.accessToken, now() + 20_000)
    expect([after.lastAdmitted, after.refused]).toEqual([0, true])
  })

  it('by a node that did nothing for 10 s', async ({ onTestFinished }) => {
    const { other, end } = await twoNodes(onTestFinished)
    other.block(10_000)
    const { ended, victim } = await end(DISABLING)
    const seen = await watch(other, victim.accessToken, now() + 30_000)
    expect(seen.refused).toBe(true)
    expect(seen.lastAdmitted - ended).toBeLessThan(BOUND_MS)
  })

  it('by a node whose listening connection was cut, which listens anew', async ({
    onTestFinished,
  }) => {
    const { other, database, end } = await twoNodes(onTestFinished, { push: 'postgres' })
    const listening = `from pg_stat_activity where datname = current_database() and query ilike 'listen%'`
    await database.query(`select pg_terminate_backend(pid) ${listening}`)
    const { ended, victim } = await end(LOGOUT)
    const seen = await watch(other, victim.accessToken, now() + 20_000)
    expect(seen.refused).toBe(true)
    expect(seen.lastAdmitted - ended).toBeLessThan(BOUND_MS)
    await vi.waitFor(
      async () => expect(await database.query(`select pid ${listening}`)).toHaveLength(2),
      { timeout: 20_000, interval: 100 },
    )
  })
})
