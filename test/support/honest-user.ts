import { type Auth, AuthError, type Session, type ShownTokens } from '@latchkey/core'
import { type Chance, chance } from './chance.ts'
import { nodeBeside } from './nodes.ts'
import { accountOf, type Setup, setUp } from './setup.ts'
import { type Timeline, timeline } from './timeline.ts'
import { forgedRefreshToken, generationOf, renew } from './tokens.ts'

/**
 * One user with several tabs that share a cookie jar, on a bad network, before three nodes whose clocks differ by as
 * much as they may. What is promised to this user, and when, stands in `refresh-simulation.test.ts`.
 */
export interface UserOptions {
  readonly seed: number
  readonly habit: Habit
}

/**
 * - `patient`: a tab refreshes once the access token in the jar no longer works; answers reach the jar in any order.
 * - `orderly`: tabs refresh whenever they like; the jar keeps the newest token that it has seen.
 * - `corrected`: tabs refresh whenever they like, answers reach the jar in any order; a jar that was set back is
 *   refreshed at once.
 */
export type Habit = 'patient' | 'orderly' | 'corrected'

/** How it went. */
export interface Day {
  /** What was answered with a refusal although nobody did anything wrong. */
  readonly refusals: readonly string[]
  /** Everything that happened, for whoever looks into a failure. */
  readonly trace: readonly string[]
  readonly counts: Readonly<Record<Count, number>>
  readonly alive: boolean
}

type Count = 'rotated' | 'recovered' | 'lost' | 'replayed' | 'setBack' | 'waited' | 'forged'

interface World {
  readonly options: UserOptions
  readonly setup: Setup
  readonly nodes: readonly [Auth, ...Auth[]]
  readonly time: Timeline
  readonly refusals: string[]
  readonly trace: string[]
  readonly counts: Record<Count, number>
  jar: ShownTokens
  /** The generations that are shown by requests under way, or whose answers are. */
  underWay: readonly number[]
}

// A request and its answer together take at most the grace of 30 s, or they are lost.
const SLOWEST = { request: 10, answer: 15 }
// A token that was spent longer ago is shown by one tab at a time.
const TOGETHER = 15
const DURATION = 2 * 3600

/** Two hours of such a user. */
export async function liveThrough(options: UserOptions): Promise<Day> {
  const luck = chance(options.seed)
  const setup = setUp({ accessToken: { lifetime: luck.pick([60, 300, 600]) } })
  const nodes = [-2, 0, 3].map((ahead) => nodeBeside(setup, ahead).auth)
  const { session } = await accountOf(setup)
  const counts = {
    rotated: 0,
    recovered: 0,
    lost: 0,
    replayed: 0,
    setBack: 0,
    waited: 0,
    forged: 0,
  }
  const world: World = {
    options,
    setup,
    nodes: [setup.auth, ...nodes],
    time: timeline(setup.clock),
    refusals: [],
    trace: [],
    counts,
    jar: session,
    underWay: [],
  }
  const tabs = luck.whole(options.habit === 'patient' ? 1 : 3, 5)
  for (let tab = 1; tab <= tabs; tab += 1) {
    openTab(world, `tab ${tab}`, chance(options.seed * 31 + tab))
  }
  await world.time.runUntil(DURATION)
  return { ...world, alive: (await sessionOf(world)).revokedAt === null }
}

function openTab(world: World, name: string, luck: Chance): void {
  async function wake(): Promise<void> {
    const wants = world.options.habit !== 'patient' && luck.happens(0.5)
    const works = await accessTokenWorks(world, luck)
    if (luck.happens(0.05)) await forge(world, luck)
    const pause = works && !wants ? luck.pick([1, 2, 3, 4, 400]) : await refresh(world, name, luck)
    world.time.after(pause, wake)
  }
  world.time.after(luck.whole(0, 5), wake)
}

async function accessTokenWorks({ jar, nodes }: World, luck: Chance): Promise<boolean> {
  try {
    await luck.pick(nodes).authenticate(jar.accessToken)
    return true
  } catch {
    return false
  }
}

/** Somebody who knows what tokens look like, and has no key. */
async function forge({ jar, nodes, counts }: World, luck: Chance): Promise<void> {
  const refreshToken = forgedRefreshToken(jar.refreshToken, luck.whole(1, 50))
  await luck
    .pick(nodes)
    .refresh({ refreshToken })
    .then(
      () => Promise.reject(new Error('a forged token was taken')),
      () => {
        counts.forged += 1
      },
    )
}

/** Sends the token of the jar, and resolves after how many seconds the tab looks again. */
async function refresh(world: World, name: string, luck: Chance): Promise<number> {
  const late = await isLate(world)
  const { jar, time, counts } = world
  if (late && world.underWay.includes(generationOf(jar))) {
    counts.waited += 1
    return luck.whole(1, 5)
  }
  const node = luck.pick(world.nodes)
  const seconds = { request: luck.whole(0, SLOWEST.request), answer: luck.whole(0, SLOWEST.answer) }
  const eager = world.options.habit !== 'patient'
  const happy = eager ? (['arrives', 'arrives', 'arrives'] as const) : []
  const fate = luck.pick(['arrives', 'request lost', 'answer lost', 'answer lost', ...happy])
  const told = (what: string) => {
    // What follows the first refusal explains nothing.
    if (world.refusals.length === 0) world.trace.push(`${time.now()} s, ${name}: ${what}`)
  }
  told(`shows ${generationOf(jar)}, which will take ${JSON.stringify(seconds)}: ${fate}`)
  if (fate !== 'arrives') counts.lost += 1
  if (fate !== 'request lost') {
    const ends = begins(world, generationOf(jar))
    time.after(seconds.request, async () => {
      const tokens = await answerTo(world, node, jar, told)
      if (tokens === null || fate === 'answer lost') return ends()
      time.after(seconds.answer, () => {
        ends()
        arrive(world, tokens, told)
      })
    })
  }
  if (fate === 'arrives') return eager ? luck.pick([2, 5, 31]) : 31
  // The tab gives up a lost answer after a while, and tries again soon, later, or an hour later.
  return luck.pick([1, 8, 20, 40, 300, 3600])
}

/** Notes that a try is under way; call what comes back when it no longer is. */
function begins(world: World, generation: number): () => void {
  world.underWay = [...world.underWay, generation]
  return () => {
    const place = world.underWay.indexOf(generation)
    world.underWay = world.underWay.filter((_, index) => index !== place)
  }
}

/** Whether the token of the jar was spent some time ago. */
async function isLate({ jar, setup }: World): Promise<boolean> {
  const shown = generationOf(jar)
  const { generation, recent } = await sessionOf({ jar, setup })
  if (generation === shown) return false
  const spent = recent.find((entry) => entry.generation === shown)
  return setup.clock.now().getTime() - (spent?.at ?? 0) > TOGETHER * 1000
}

type Told = (what: string) => void

async function answerTo(
  world: World,
  node: Auth,
  shown: ShownTokens,
  told: Told,
): Promise<ShownTokens | null> {
  const { refusals, counts } = world
  const before = await sessionOf(world)
  try {
    const tokens = await renew(node, shown)
    const generation = generationOf(tokens)
    if (generation === before.generation) counts.replayed += 1
    else if (generationOf(shown) === before.generation) counts.rotated += 1
    else counts.recovered += 1
    told(`${generationOf(shown)} is answered with ${generation}`)
    return tokens
  } catch (error) {
    const code = error instanceof AuthError ? error.code : String(error)
    told(`${generationOf(shown)} is answered with ${code}`)
    if (code !== 'unavailable') refusals.push(`${generationOf(shown)}: ${code}`)
    return null
  }
}

function arrive(world: World, tokens: ShownTokens, told: Told): void {
  const { counts, options, time } = world
  const setBack = generationOf(tokens) < generationOf(world.jar)
  if (setBack) counts.setBack += 1
  if (setBack && options.habit === 'orderly') return
  told(`${generationOf(tokens)} arrives`)
  world.jar = tokens
  if (setBack && options.habit === 'corrected') time.after(1, () => correct(world, tokens, told))
}

async function correct(world: World, tokens: ShownTokens, told: Told): Promise<void> {
  const next = world.jar === tokens ? await answerTo(world, world.setup.auth, tokens, told) : null
  if (next !== null) world.jar = next
}

async function sessionOf({ setup, jar }: Pick<World, 'setup' | 'jar'>): Promise<Session> {
  const found = await setup.store.sessions.find(jar.sessionId)
  if (found === null) throw new Error('the session is gone')
  return found.session
}
