import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type HttpClient, httpClient } from './http-client.ts'

type Environment = Readonly<Record<string, string>>

/** How a process ended, and what it said. */
interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** A program in a process of its own. */
export interface Program {
  /** Waits until it has printed this, and resolves the first group of it. Rejects when it ends before. */
  printed(pattern: RegExp): Promise<string>
  /** Asks it to end, and waits for that. */
  stop(signal?: NodeJS.Signals): Promise<Ending>
  readonly ended: Promise<Ending>
}

/** Starts a file of TypeScript with this environment and nothing else. Killed when the test ends. */
export function startProgram(file: URL, env: Environment, args: readonly string[] = []): Program {
  const command = ['--conditions=@latchkey/source', fileURLToPath(file), ...args]
  const child = spawn(process.execPath, command, {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
      for (const listener of listeners) listener()
    })
  }
  const ended = endingOf(child, () => output)
  return {
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found !== null) resolve(found[1] ?? '')
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`The program ended:\n${output}`)))
        look()
      }),
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

async function endingOf(child: ChildProcess, output: () => string): Promise<Ending> {
  const [code, signal] = await once(child, 'close')
  return { code, signal, output: output() }
}

/** Starts a server, and waits until it says where it is. */
export async function startServer(file: URL, env: Environment, args: readonly string[] = []) {
  const program = startProgram(file, env, args)
  const url = await program.printed(/(http:\/\/localhost:\d+)/)
  const client: HttpClient = httpClient(url)
  return { ...program, client }
}
