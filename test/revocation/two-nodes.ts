import { expect } from 'vitest'
import { migrated, postgres } from '../../packages/sql-store/test/support/databases.ts'
import { proxyTo } from '../support/proxy.ts'
import { endings, type Victim } from './endings.ts'
import { type NodeProcess, startNode } from './nodes.ts'
import type { NodeSettings } from './protocol.ts'
import { openScene } from './scene.ts'
import { now } from './watch.ts'

const polling: NodeSettings = { url: '', push: null, ahead: 0 }

type Finish = (end: () => Promise<void>) => void

/** A node that acts, and one that has to hear of it; by a way to the database that can be silenced. */
export async function twoNodes(finish: Finish, settings: Partial<NodeSettings> = {}) {
  const database = await migrated(postgres)
  const proxy = await proxyTo(database.url)
  const one = { ...polling, ...settings }
  const beyondProxy = { ...one, url: proxy.url }
  const { nodes, victims, administrator, stop } = await openScene([
    { ...one, url: database.url },
    beyondProxy,
  ])
  finish(async () => {
    await stop()
    await proxy.close()
    await database.drop()
  })
  const [acting, other] = nodes
  if (acting === undefined || other === undefined) throw new Error('there are no two nodes')
  const end = async (ending: string) => {
    const victim = victims[ending]
    if (victim === undefined) throw new Error('there is no such victim')
    await endings[ending]?.({ node: acting, administrator }, victim)
    return { ended: now(), victim }
  }
  return {
    acting,
    other,
    proxy,
    database,
    victims: Object.values(victims),
    /** An access token of somebody whose session goes on. */
    bystander: administrator,
    end,
    endAll: async () => void (await Promise.all(Object.keys(endings).map(end))),
    /** As if all that was revoked so far had been so an hour ago, which no feed reaches back to. */
    async letAnHourPass() {
      for (const table of ['latchkey_sessions', 'latchkey_users']) {
        await database.query(`update ${table} set changed_at = changed_at - interval '1 hour'`)
      }
    },
    /** Another process in place of the second node. */
    async startAnew() {
      const node = await startNode(beyondProxy)
      finish(() => node.stop())
      return node
    },
  }
}

/** Whether the first request with each of the tokens is refused. */
export async function expectRefused(node: NodeProcess, victims: readonly Victim[]): Promise<void> {
  const answers = await Promise.all(
    victims.map(async ({ email, accessToken }) => {
      const { status } = await node.get('/protected', accessToken)
      return { email, status }
    }),
  )
  expect(answers).toEqual(victims.map(({ email }) => ({ email, status: 401 })))
}
