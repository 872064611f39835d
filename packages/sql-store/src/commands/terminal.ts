import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** Where a command reads and writes. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly stdout: Output
  readonly stderr: Output
}

/** Somewhere to write. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean | undefined }

/** Misused: the command line, not the database, is wrong. */
export class MisuseError extends Error {}

/** Prints one line. */
export function print(output: Output, line: string): void {
  output.write(`${line}\n`)
}

/** Asks for a secret, which does not show while it is typed; reads it from a pipe where nobody sits at the terminal. */
export async function askSecret({ stdin, stderr }: Terminal, question: string): Promise<string> {
  if (stdin.isTTY !== true) return readSecret(stdin)
  stderr.write(`${question}: `)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const asking = createInterface({ input: stdin, output: nowhere, terminal: true })
  try {
    return await asking.question('')
  } finally {
    asking.close()
    stderr.write('\n')
  }
}

// Longer than any password that is taken.
const MAX_SECRET = 4096

async function readSecret(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const piece of stdin) {
    text += String(piece)
    if (text.length > MAX_SECRET) throw new MisuseError('What came on standard input is too long.')
  }
  return text.replace(/\r?\n$/, '')
}
