import { Readable, Writable } from 'node:stream'
import { runCommand } from '../../src/command.ts'
import type { Finished } from './node.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Runs a command line as the terminal would, with this on standard input. */
export async function latchkey(line: string, env: Environment = {}, input = ''): Promise<Finished> {
  const written = { stdout: '', stderr: '' }
  const to = (stream: keyof typeof written) =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[stream] += chunk.toString()
        done()
      },
    })
  const words = line === '' ? [] : line.split(' ')
  const terminal = { stdin: Readable.from([input]), stdout: to('stdout'), stderr: to('stderr') }
  const status = await runCommand(words, env, terminal)
  return { status, ...written }
}
