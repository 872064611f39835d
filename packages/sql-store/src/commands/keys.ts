import { randomBytes } from 'node:crypto'
import { generateSigningKey } from '@latchkey/core'
import type { Call, Command } from './command.ts'
import { writeFile } from './files.ts'
import { MisuseError, print } from './terminal.ts'

/** What is made by chance: nothing of it goes to the database. */
export const keyCommands: readonly Command[] = [
  {
    name: 'secret',
    takes: '[file]',
    summary: 'Makes a secret: 32 random bytes in base64, for the option "secret".',
    offline: true,
    options: ['force'],
    run: (call) => hand(call, randomBytes(32).toString('base64')),
  },
  {
    name: 'keys generate',
    takes: '[file]',
    summary:
      'Makes a key for the option "signing": one line of JSON. Its public part goes to standard error.',
    offline: true,
    options: ['alg', 'force'],
    run: generateKey,
  },
]

async function generateKey(call: Call): Promise<number> {
  const key = generateSigningKey(algorithmOf(call.values.alg))
  const { d, ...shared } = key
  const status = await hand(call, JSON.stringify(key))
  print(call.terminal.stderr, JSON.stringify(shared))
  return status
}

function algorithmOf(said = 'EdDSA'): 'EdDSA' | 'ES256' {
  if (said === 'EdDSA' || said === 'ES256') return said
  throw new MisuseError('Which algorithm? Say --alg EdDSA or --alg ES256.')
}

/** To standard output, or to a file that only its owner may read. */
async function hand({ argument, values, terminal }: Call, line: string): Promise<number> {
  if (argument === null) print(terminal.stdout, line)
  else await writeFile(argument, lines(line), values.force === true)
  return 0
}

async function* lines(line: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(`${line}\n`)
}
