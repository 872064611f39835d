import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { postgres } from '../../packages/sql-store/test/support/databases.ts'
import { expectRefused, twoNodes } from './two-nodes.ts'
import { now, watch } from './watch.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000, maxConcurrency: 6 })

/** Whatever fails. */
const BOUND_MS = 5000

/** Longer than a node relies on what it has heard. */
const SUSPENDED_MS = 7000

/** In seconds: so long a gap cannot be filled. */
const OUTAGE = 61

const [LOGOUT, DISABLING] = ['a logout', 'a disabling']

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

  it('by a node that was suspended for 7 s, from its first answer on', async ({
    onTestFinished,
  }) => {
    const { other, victims, bystander, endAll } = await twoNodes(onTestFinished)
    expect((await other.get('/protected', bystander)).status).toBe(200)
    other.suspend()
    await endAll()
    const until = now() + 30_000
    const seen = victims.map(({ accessToken }) => watch(other, accessToken, until))
    // No clock can be moved instead: the process stands still, and both of its clocks go on.
    await setTimeout(SUSPENDED_MS)
    other.resume()
    const none = { lastAdmitted: 0, refused: true, unavailable: 0, strange: [] }
    expect(await Promise.all(seen)).toEqual(victims.map(() => none))
    expect((await other.get('/protected', bystander)).status).toBe(200)
  })

  it('by a node that starts again, soon or when no feed tells of it any more', async ({
    onTestFinished,
  }) => {
    const nodes = await twoNodes(onTestFinished)
    const { victims, bystander } = nodes
    await nodes.other.stop()
    await nodes.endAll()
    await expectRefused(await nodes.startAnew(), victims)
    await nodes.letAnHourPass()
    const late = await nodes.startAnew()
    // With this request its feed begins: those that follow need not be answered by the store.
    expect((await late.get('/protected', bystander)).status).toBe(200)
    await expectRefused(late, victims)
  })

  it('by a node that reaches PostgreSQL again when no feed tells of it any more', async ({
    onTestFinished,
  }) => {
    const nodes = await twoNodes(onTestFinished)
    const { other, proxy, victims, bystander } = nodes
    const failed = other.failureOf('the revocation feed')
    proxy.silence(true)
    await nodes.endAll()
    await nodes.letAnHourPass()
    await failed
    other.advance(OUTAGE)
    expect((await other.get('/protected', bystander)).status).toBe(503)
    proxy.silence(false)
    await vi.waitFor(async () => expect((await other.get('/ready')).status).toBe(200), {
      timeout: 30_000,
      interval: 100,
    })
    await expectRefused(other, victims)
    expect((await other.get('/protected', bystander)).status).toBe(200)
  })
})
