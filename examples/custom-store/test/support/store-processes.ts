import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Answer } from '../../../../test/processes/protocol.ts'
import { EACH, type SidedAnswer } from '../../../../test/processes/two-nodes.ts'
import type { Call, Order } from './protocol.ts'

/** A store in a process of its own. */
export interface StoreProcess {
  call(verb: string, ...input: readonly unknown[]): Promise<Answer>
  /** Begins all calls at that instant, in milliseconds since 1970. */
  callAll(calls: readonly Call[], at?: number): Promise<readonly Answer[]>
  kill(): Promise<void>
}

/** Enough for both to hear of it. */
const HEAD_START_MS = 5

const MAIN = fileURLToPath(import.meta.resolve('./store-process-main.ts'))

/** Starts it on that file. `limits` are set by a shell, before. */
export async function startStore(path: string, limits = 'true'): Promise<StoreProcess> {
  const command = [process.execPath, '--conditions=@latchkey/source', MAIN, path]
  const child = spawn('sh', ['-c', `${limits} && exec "$@"`, 'sh', ...command], {
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'], // lmdb says on stderr what the promise says too
    serialization: 'advanced',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await answersOf(child)
  const callAll = (calls: readonly Call[], at = 0) => {
    const answers = answersOf(child)
    child.send({ at, calls } satisfies Order)
    return answers
  }
  return {
    callAll,
    async call(verb, ...input) {
      const [answer] = await callAll([{ verb, input }])
      if (answer === undefined) throw new Error('the process has not answered')
      return answer
    },
    async kill() {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function answersOf(child: ChildProcess): Promise<readonly Answer[]> {
  const over = new AbortController()
  const exit = once(child, 'exit', { signal: over.signal }).then(([code, signal]) => {
    throw new Error(`the process ended with ${code ?? signal}`)
  })
  const [answers] = await Promise.race([once(child, 'message', { signal: over.signal }), exit])
  exit.catch(() => {}) // it is called off
  over.abort()
  return answers
}

/** Two operating-system processes on one file. */
export interface StorePair {
  readonly processes: readonly [StoreProcess, StoreProcess]
  /** Lets each begin {@link EACH} calls, both at the same instant. */
  race(callOf: (index: number, side: 0 | 1) => Call): Promise<readonly SidedAnswer[]>
}

export async function startPair(path: string): Promise<StorePair> {
  const processes = [await startStore(path), await startStore(path)] as const
  const sides = [0, 1] as (0 | 1)[]
  return {
    processes,
    async race(callOf) {
      const at = performance.timeOrigin + performance.now() + HEAD_START_MS
      const answers = sides.map(async (side) => {
        const calls = Array.from({ length: EACH }, (_, index) => callOf(index, side))
        return (await processes[side].callAll(calls, at)).map((answer) => ({ ...answer, side }))
      })
      sides.reverse() // the next time the other is told first
      return (await Promise.all(answers)).flat()
    },
  }
}
