import type { NodeProcess } from './nodes.ts'

/** What became of the requests with one token on one node, in milliseconds since 1970. */
export interface Sighting {
  /** When the last request that was let in had begun. */
  readonly lastAdmitted: number
  /** Whether it was refused for good. */
  readonly refused: boolean
  /** How many were answered 503. */
  readonly unavailable: number
  /** All but 200, 401 and 503. */
  readonly strange: readonly number[]
}

/** The clock of the tests. */
export const now = () => performance.timeOrigin + performance.now()

const REFUSALS_IN_A_ROW = 10

/** Asks the node again and again, until it has refused the token for good. Gives up when `until` is reached. */
export async function watch(node: NodeProcess, token: string, until: number): Promise<Sighting> {
  let lastAdmitted = 0
  let refusals = 0
  let unavailable = 0
  const strange: number[] = []
  while (refusals < REFUSALS_IN_A_ROW && now() < until) {
    const began = now()
    const status = await statusOf(node, token)
    if (status === 200) lastAdmitted = began
    if (status === 401) refusals += 1
    else refusals = 0
    if (status === 503) unavailable += 1
    if (![BROKEN_OFF, 200, 401, 503].includes(status)) strange.push(status)
  }
  return { lastAdmitted, refused: refusals === REFUSALS_IN_A_ROW, unavailable, strange }
}

const BROKEN_OFF = 0

/** A connection that was kept may end while a node does nothing. */
async function statusOf(node: NodeProcess, token: string): Promise<number> {
  try {
    return (await node.get('/protected', token)).status
  } catch {
    return BROKEN_OFF
  }
}
