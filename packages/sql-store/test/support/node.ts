import { spawn } from 'node:child_process'

/** What a process wrote, and how it ended. */
export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface NodeOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** What the process reads from its input. */
  readonly input?: string
}

// Node 22 warns of what it calls experimental: its SQLite, and that it runs TypeScript.
const FLAGS = ['--conditions=@latchkey/source', '--disable-warning=ExperimentalWarning']

/** Runs Node on the sources, in a process of its own. */
export function runNode(args: readonly string[], options: NodeOptions = {}): Promise<Finished> {
  const { cwd = import.meta.dirname, env = {}, input = '' } = options
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...FLAGS, ...args], {
      cwd,
      // Without what the test runner hands on to its own processes.
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
    child.stdin.end(input)
  })
}

/** Runs a module of the given source. */
export function runModule(source: string, options: NodeOptions = {}): Promise<Finished> {
  return runNode(['--input-type=module', '-'], { ...options, input: source })
}
