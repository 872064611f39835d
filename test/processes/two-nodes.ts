import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RecordedEvent } from '@latchkey/core'
import { createOutbox, type Outbox } from '@latchkey/core/testing'
import { expect } from 'vitest'
import type { Answer, Call, Order, Report } from './protocol.ts'

/** How many calls each process begins at once. */
export const EACH = 25

/** Which of the two processes. */
type Side = 0 | 1

/** An answer, and which process gave it. */
export type SidedAnswer = Answer & { readonly side: Side }

/** Two operating-system processes, each with an auth of its own, on one database. */
export interface TwoNodes {
  /** What both have sent. */
  readonly outbox: Outbox
  /** What both have told, with who did. */
  readonly events: (RecordedEvent & { readonly side: Side })[]
  /** What failed where no answer said so. */
  readonly failures: string[]
  /** Runs one call on one of them. */
  call(side: Side, verb: Call['verb'], input: Call['input']): Promise<Answer>
  /** Lets each begin {@link EACH} calls, both at the same instant. Resolves when all is done that follows from them. */
  race(callOf: (index: number, side: Side) => Call): Promise<SidedAnswer[]>
  stop(): Promise<void>
}

/** Enough for both to hear of it. */
const HEAD_START_MS = 5

const MAIN = fileURLToPath(import.meta.resolve('./node-main.ts'))

/** Starts both, and waits until both have opened their connections. */
export async function startTwoNodes(url: string): Promise<TwoNodes> {
  const outbox = createOutbox()
  const events: TwoNodes['events'] = []
  const failures: string[] = []
  const processes = ([0, 1] as const).map((side) => {
    const child = startNode(url)
    child.on('message', (report: Report) => {
      if (report.type === 'message') outbox.send(report.message)
      if (report.type === 'event') events.push({ ...report.event, side })
      if (report.type === 'failure') failures.push(report.failure)
    })
    return { side, child }
  })
  await Promise.all(processes.map(({ child }) => next(child, 'ready')))

  async function answersOf(
    callsOf: (side: Side) => readonly Call[],
    headStart = 0,
  ): Promise<SidedAnswer[]> {
    await Promise.all(
      processes.map(({ side, child }) => ask(child, { type: 'prepare', calls: callsOf(side) })),
    )
    const at = performance.timeOrigin + performance.now() + headStart
    const answers = processes.map(async ({ side, child }) => {
      const report = await ask(child, { type: 'go', at })
      return report.answers.map((answer) => ({ ...answer, side }))
    })
    // The next time the other is told first.
    processes.reverse()
    return (await Promise.all(answers)).flat()
  }

  return {
    outbox,
    events,
    failures,
    async call(side, verb, input) {
      const [answer] = await answersOf((of) => (of === side ? [{ verb, input }] : []))
      if (answer === undefined) throw new Error('the process has not answered')
      return answer
    },
    race: (callOf) =>
      answersOf(
        (side) => Array.from({ length: EACH }, (_, index) => callOf(index, side)),
        HEAD_START_MS,
      ),
    async stop() {
      await Promise.all(processes.map(({ child }) => stopped(child)))
    },
  }
}

function startNode(url: string): ChildProcess {
  const child = fork(MAIN, [url], {
    execArgv: ['--conditions=@latchkey/source', '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  })
  // Many wait for what it says, and for its end.
  child.setMaxListeners(0)
  return child
}

type Answering<O extends Order> = O extends { type: 'go' } ? 'answers' : 'ready'

async function ask<O extends Order>(child: ChildProcess, order: O) {
  const answer = next(child, (order.type === 'go' ? 'answers' : 'ready') as Answering<O>)
  child.send(order)
  return answer
}

/** Resolves the next report of that type; rejects when the process ends before. */
function next<Type extends Report['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<Report, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const listen = (report: Report) => {
      if (report.type !== type) return
      child.off('message', listen)
      child.off('exit', fail)
      resolve(report as Extract<Report, { type: Type }>)
    }
    const fail = (code: number | null) => reject(new Error(`the process ended with ${code}`))
    child.on('message', listen)
    child.once('exit', fail)
  })
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.disconnect()
  await exit
}

/** How often each code came. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of answers) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** How a race ended. */
interface Round {
  readonly answers: readonly SidedAnswer[]
  /** Whose call had its way. */
  readonly winner: Side
}

const ROUNDS = 3
const MOST_ROUNDS = 40

/**
 * Plays a race again and again, until each process has won, and the calls of one were under way with those of the
 * other: then they do run against each other.
 */
export async function playRounds(play: (round: number) => Promise<Round>): Promise<void> {
  const won = new Set<Side>()
  let interleaved = false
  const undecided = () => won.size < 2 || !interleaved
  for (let round = 0; round < MOST_ROUNDS && (round < ROUNDS || undecided()); round += 1) {
    const { answers, winner } = await play(round)
    won.add(winner)
    interleaved ||= areInterleaved(answers)
  }
  expect({ won: won.size, interleaved }).toEqual({ won: 2, interleaved: true })
}

/** Whether both processes had calls under way at one time. */
function areInterleaved(answers: readonly SidedAnswer[]): boolean {
  const spans = ([0, 1] as const).map((side) => {
    const own = answers.filter((answer) => answer.side === side)
    const began = Math.min(...own.map((answer) => answer.began))
    return { began, ended: Math.max(...own.map((answer) => answer.ended)) }
  })
  const lastBegin = Math.max(...spans.map(({ began }) => began))
  return lastBegin < Math.min(...spans.map(({ ended }) => ended))
}

/** The answer of the only call that had its way. */
export function winnerOf(answers: readonly SidedAnswer[]): SidedAnswer {
  const [winner, ...others] = answers.filter(({ code }) => code === 'ok')
  if (winner === undefined || others.length > 0) {
    throw new Error(`exactly one call must have its way: ${JSON.stringify(tally(answers))}`)
  }
  return winner
}
