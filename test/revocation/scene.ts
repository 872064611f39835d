import { createAuth } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { ORIGIN, PASSWORD, SECRET } from '../support/setup.ts'
import { endings, loginOf, type Victim } from './endings.ts'
import { type NodeProcess, startNode } from './nodes.ts'
import type { NodeSettings } from './protocol.ts'

/** Nodes on one database; in each of them the tokens of all victims are known already. */
export interface Scene {
  readonly nodes: readonly NodeProcess[]
  /** By the ending that awaits them. */
  readonly victims: Readonly<Record<string, Victim>>
  /** An access token. */
  readonly administrator: string
  stop(): Promise<void>
}

const ADMINISTRATOR = 'admin@example.com'

/** Starts nodes, with a victim for each ending. */
export async function openScene(settings: readonly NodeSettings[]): Promise<Scene> {
  const titles = Object.keys(endings)
  await createAccounts(settings[0]?.url ?? '', titles.length)
  const nodes = await Promise.all(settings.map(startNode))
  const [first] = nodes
  if (first === undefined) throw new Error('there is no node')
  const { accessToken } = await loginOf(first, ADMINISTRATOR)
  const logins = await Promise.all(titles.map((_, n) => loginOf(first, emailOf(n))))
  const victims = Object.fromEntries(titles.map((title, n) => [title, logins[n] as Victim]))
  const scene: Scene = {
    nodes,
    victims,
    administrator: accessToken,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
  await warm(scene)
  return scene
}

const emailOf = (n: number) => `victim-${n}@example.com`

async function createAccounts(url: string, count: number): Promise<void> {
  const store = sqlStore({ url })
  const auth = createAuth({
    secret: SECRET,
    store,
    origin: ORIGIN,
    passwords: weakPasswords,
    maintenance: false,
    mailer: async () => {},
  })
  await auth.createUser({ email: ADMINISTRATOR, password: PASSWORD, roles: ['admin'] })
  for (let n = 0; n < count; n += 1) {
    await auth.createUser({ email: emailOf(n), password: PASSWORD })
  }
  await auth.close()
  await store.close()
}

/** Twice: the first request is the one with which a feed begins. */
async function warm({ nodes, victims }: Scene): Promise<void> {
  for (const node of [...nodes, ...nodes]) {
    for (const { accessToken } of Object.values(victims)) await node.get('/protected', accessToken)
  }
}
