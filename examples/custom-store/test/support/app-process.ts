import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The app in a process of its own. */
export interface AppProcess {
  readonly url: string
  /** The token of the next link that it prints. */
  nextToken(): Promise<string>
  /** Resolves exit code and signal. */
  stop(signal: NodeJS.Signals): Promise<readonly unknown[]>
}

const MAIN = fileURLToPath(import.meta.resolve('../../src/main.ts'))

/** Starts it as the README says, on a free port unless one is given. */
export async function startApp(env: Readonly<Record<string, string>>): Promise<AppProcess> {
  const child = spawn(process.execPath, ['--conditions=@latchkey/source', MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  async function next(pattern: RegExp): Promise<string> {
    for (;;) {
      const { done, value } = await lines.next()
      if (done === true) throw new Error(`the app has not said ${pattern}`)
      const [found] = pattern.exec(value) ?? []
      if (found !== undefined) return found
    }
  }

  return {
    url: await next(/http:\/\/localhost:\d+/),
    nextToken: () => next(/(?<=#token=)\S+/),
    stop(signal) {
      const exit = once(child, 'exit')
      child.kill(signal)
      return exit
    },
  }
}
