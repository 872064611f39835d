import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { serverUser } from './programs.ts'
import type { ServerDirectory } from './server-directory.ts'

/** How long a server may take to start. Hooks and tests that start one need more than that. */
export const START_LIMIT_MS = 30_000

export interface Command {
  readonly file: string
  readonly args: readonly string[]
}

export interface ServerProcess {
  /** Asks the server to end, and waits until all its processes have. */
  stop(signal: NodeJS.Signals): Promise<void>
  /** Kills all processes of the server, and waits until they are gone. */
  kill(): Promise<void>
}

/** Runs a program of the server to its end. */
export async function run({ file, args }: Command, directory: ServerDirectory): Promise<void> {
  const running = promisify(execFile)(file, args, {
    ...optionsIn(directory),
    timeout: START_LIMIT_MS,
  })
  directory.guard(running.child.pid)
  await running.catch(({ code, signal, stdout, stderr }) => {
    throw new Error(`${file} ended with ${code ?? signal}\n${stdout}${stderr}`)
  })
}

/** Starts the server and waits until it says that it is ready. */
export async function launch(
  { file, args }: Command,
  ready: RegExp,
  directory: ServerDirectory,
): Promise<ServerProcess> {
  // Detached: a Ctrl-C at the terminal is for the tests, which may still need the server.
  const child = spawn(file, args, { ...optionsIn(directory), detached: true })
  directory.guard(child.pid)
  // All processes of the server hold the pipes, so they close after the last has ended.
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await untilReady(child, ready)
  return {
    stop(signal) {
      child.kill(signal)
      return closed
    },
    kill() {
      killAll(child)
      return closed
    },
  }
}

function optionsIn({ path }: ServerDirectory) {
  return { ...serverUser, cwd: path, env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: path } }
}

function untilReady(child: ChildProcess, ready: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const fail = (why: string) => reject(new Error(`${child.spawnfile} ${why}\n${log}`))
    const timer = setTimeout(() => {
      fail(`is not ready after ${START_LIMIT_MS / 1000} s`)
      killAll(child)
    }, START_LIMIT_MS)
    const read = (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-8192)
      if (!ready.test(log)) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', (error) => fail(`did not start: ${error.message}`))
    child.once('close', (code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  })
}

function killAll(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  // Stopped, it cannot start others in place of those that are killed.
  child.kill('SIGSTOP')
  const { error } = spawnSync('pkill', ['-KILL', '-P', String(child.pid)])
  child.kill('SIGKILL')
  if (error !== undefined) throw error
}
