import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { AuthError, ConfigurationError } from '@latchkey/core'
import { backupCommands } from './commands/backup.ts'
import { type Call, type Command, databaseOptions } from './commands/command.ts'
import { keyCommands } from './commands/keys.ts'
import { migrationCommands } from './commands/migrations.ts'
import {
  describeOptions,
  type OptionName,
  type OptionValues,
  parseable,
} from './commands/options.ts'
import { MisuseError, print, type Terminal } from './commands/terminal.ts'
import { userCommands } from './commands/users.ts'
import type { SqlStoreOptions } from './options.ts'
import { type SqlStore, sqlStore } from './sql-store.ts'
import { SqlStoreError } from './sql-store-error.ts'

const commands: readonly Command[] = [
  ...migrationCommands,
  ...userCommands,
  ...backupCommands,
  ...keyCommands,
]

/** Runs a command of the terminal, and resolves the exit status: 0 done, 1 failed or not up to date, 2 misused. */
export async function runCommand(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  try {
    const { values, positionals } = parse(words)
    if (values.version === true) return answer(terminal, version())
    const command = commandOf(positionals)
    if (values.help === true) return answer(terminal, command === null ? help() : helpOn(command))
    if (command === null) throw new MisuseError(misuse(positionals))
    checkOptions(command, values)
    const argument = argumentOf(command, positionals)
    return await run(command, { values, argument, env, terminal })
  } catch (error) {
    return explain(error, terminal)
  }
}

function parse(words: readonly string[]): { values: OptionValues; positionals: string[] } {
  const args = words.map((word) => (word === '-h' ? '--help' : word))
  const { values, positionals } = parseArgs({ args, options: parseable, allowPositionals: true })
  return { values: values as OptionValues, positionals }
}

function answer({ stdout }: Terminal, text: string): number {
  print(stdout, text)
  return 0
}

function commandOf(words: readonly string[]): Command | null {
  const named = ({ name }: Command) => name.split(' ').every((word, at) => words[at] === word)
  return commands.find(named) ?? null
}

function misuse([first = '', second = '']: readonly string[]): string {
  if (first === '') return 'Which command?'
  const related = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (related.length === 0) return `There is no command ${first}.`
  const known = related.map(({ name }) => name).join(', ')
  return second === ''
    ? `Which command: ${known}?`
    : `There is no command ${first} ${second}: there are ${known}.`
}

/** What one command ignored could be what somebody relies on. */
function checkOptions(command: Command, values: OptionValues): void {
  const allowed: readonly string[] = optionsOf(command)
  const foreign = Object.keys(values).find((name) => !allowed.includes(name))
  if (foreign !== undefined)
    throw new MisuseError(`latchkey ${command.name} takes no --${foreign}.`)
}

function optionsOf({ options, offline }: Command): readonly OptionName[] {
  return offline === true ? options : [...options, ...databaseOptions]
}

function argumentOf({ name, takes }: Command, positionals: readonly string[]): string | null {
  const [argument = null, ...surplus] = positionals.slice(name.split(' ').length)
  if (takes === undefined && argument !== null) {
    throw new MisuseError(`What is ${[argument, ...surplus].join(' ')}? One command at a time.`)
  }
  if (surplus.length > 0) throw new MisuseError(`What is ${surplus.join(' ')}? One at a time.`)
  if (takes?.startsWith('<') && argument === null) {
    throw new MisuseError(`Which one? latchkey ${name} ${takes}`)
  }
  return argument
}

async function run(command: Command, call: Omit<Call, 'store'>): Promise<number> {
  let opened: SqlStore | null = null
  const store = () => {
    opened ??= sqlStore(storeOptions(call.values, call.env.DATABASE_URL))
    return opened
  }
  try {
    return await command.run({ ...call, store })
  } finally {
    await (opened as SqlStore | null)?.close()
  }
}

function storeOptions(values: OptionValues, databaseUrl: string | undefined): SqlStoreOptions {
  const url = values.url || databaseUrl
  if (!url) throw new MisuseError('Which database? Give --url, or set DATABASE_URL.')
  const { schema, 'table-prefix': tablePrefix } = values
  return {
    url,
    ...(tablePrefix !== undefined && { tablePrefix }),
    ...(schema !== undefined && { schema }),
  }
}

function help(): string {
  const lines = commands.map(({ name, takes = '', summary }) => {
    return `  ${`${name} ${takes}`.padEnd(22)} ${summary}`
  })
  return `latchkey <command> [options]

Commands
${lines.join('\n')}

Options
${describeOptions([...databaseOptions, 'help', 'version'])}

latchkey <command> --help tells the options of a command.`
}

function helpOn(command: Command): string {
  const { name, takes = '', summary } = command
  const options = describeOptions([...optionsOf(command), 'help'])
  return `latchkey ${`${name} ${takes}`.trim()} [options]\n\n${summary}\n\nOptions\n${options}`
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return String(JSON.parse(manifest).version)
}

function explain(error: unknown, { stderr }: Terminal): number {
  if (error instanceof MisuseError || isParseError(error)) {
    print(stderr, `${error.message}\nSee latchkey --help.`)
    return 2
  }
  if (error instanceof ConfigurationError) {
    print(stderr, error.message)
    return 2
  }
  for (const line of told(error)) print(stderr, line)
  return 1
}

/** What failed, in lines; what nobody foresaw is thrown on. */
function told(error: unknown): readonly string[] {
  if (error instanceof SqlStoreError) {
    return error.cause instanceof Error ? [error.message, error.cause.message] : [error.message]
  }
  if (error instanceof AuthError) {
    const members = error.errors.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`)
    return error.cause instanceof SqlStoreError ? told(error.cause) : [error.code, ...members]
  }
  if (error instanceof Error && error.name === 'BackupError') return [error.message]
  throw error
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && String(Object(error).code).startsWith('ERR_PARSE_ARGS')
}
