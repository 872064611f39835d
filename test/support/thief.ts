import type { Auth, ShownTokens } from '@latchkey/core'
import { type Chance, chance } from './chance.ts'
import { nodeBeside } from './nodes.ts'
import { accountOf, type Setup, setUp } from './setup.ts'
import { renew } from './tokens.ts'

/** Two refreshes that are further apart are so by every clock: the grace of 30 s, the tolerance, and a skew as large. */
export const FAR_APART = 41

/** A session on three nodes with skewed clocks. */
export interface Scene {
  readonly setup: Setup
  readonly tokens: ShownTokens
  readonly luck: Chance
  /** Any of the nodes. */
  node(): Auth
  /** Why the session ended; `null` while it lives. */
  endedFor(): Promise<string | null | undefined>
}

export async function scene(seed: number): Promise<Scene> {
  const setup = setUp()
  const luck = chance(seed)
  const others = [-2, 3].map((ahead) => nodeBeside(setup, ahead).auth)
  const { session: tokens } = await accountOf(setup)
  return {
    setup,
    tokens,
    luck,
    node: () => luck.pick([setup.auth, ...others]),
    endedFor: async () =>
      (await setup.store.sessions.find(tokens.sessionId))?.session.revokedReason,
  }
}

type Party = 'owner' | 'thief'

/** How a theft went. */
export interface Theft {
  /** How often owner and thief had taken turns, far apart, when one of them was refused. */
  readonly turns: number
  readonly trace: readonly string[]
  readonly tokens: Readonly<Record<Party, ShownTokens>>
}

/** Owner and thief both have the current token, and both go on refreshing until one of them is refused. */
export async function bothGoOn({ setup, tokens, luck, node }: Scene): Promise<Theft> {
  const held: Record<Party, ShownTokens> = { owner: tokens, thief: tokens }
  const trace: string[] = []
  let last: Party | null = null
  let turns = 0
  while (trace.length < 500) {
    const party = luck.pick<Party>(['owner', 'thief'])
    const gap = luck.pick([0, 3, 15, 29, FAR_APART, 120, 600, 3600])
    setup.clock.advance(gap)
    // Whoever comes soon after the other gets what the other got: then both are where they began.
    const converges: boolean = last !== null && party !== last && gap < FAR_APART
    if (party !== last) turns = converges ? 0 : turns + 1
    last = converges ? null : party
    trace.push(`${gap} s later the ${party} refreshes, turn ${turns}`)
    const next = await renew(node(), held[party]).catch(() => null)
    if (next === null) break
    held[party] = next
    if (luck.happens(0.5))
      await node()
        .authenticate(next.accessToken)
        .catch(() => null)
  }
  return { turns, trace, tokens: held }
}
