import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import type { Application } from '../../src/application.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>
type Environment = Readonly<Record<string, string>>

/** How a process ended, and what it said until then. */
export interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The demo in a process of its own. */
export interface DemoProcess {
  readonly url: string
  /** What it has printed. */
  readonly greeting: string
  stop(signal: NodeJS.Signals): Promise<Ending>
}

/** Starts the demo as `npm run demo` does, on a free port, and waits until it has said its last line. */
export async function startMain(app: Application, env: Environment = {}): Promise<DemoProcess> {
  const child = start(app, 'main.ts', { PORT: '0', ...env })
  const ending = endingOf(child)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('Ctrl-C')) break
  }
  const greeting = lines.join('\n')
  const [url] = /http:\/\/localhost:\d+/.exec(greeting) ?? []
  if (url === undefined) throw new Error(`The demo did not start: ${(await ending).stderr}`)
  return {
    url,
    greeting,
    stop(signal) {
      child.kill(signal)
      return ending
    },
  }
}

/** Runs a file of the demo to its end. */
export function run(app: Application, file: string, env: Environment = {}): Promise<Ending> {
  return endingOf(start(app, file, env))
}

function start({ folder }: Application, file: string, env: Environment): Child {
  const path = `${folder}/src/${file}`
  const child = spawn(process.execPath, ['--conditions=@latchkey/source', path], {
    env: { PATH: process.env.PATH, DATABASE_URL: 'sqlite::memory:', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function endingOf(child: Child): Promise<Ending> {
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** Runs a line in a POSIX shell and resolves what it prints. */
export async function shell(line: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-c', line])).stdout
}
