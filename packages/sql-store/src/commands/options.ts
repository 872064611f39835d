import type { ParseArgsOptionsConfig } from 'node:util'

interface OptionKind {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  /** What stands for its value in the help. */
  readonly value?: string
  readonly help: string
}

/** Every option of the command line. Which command takes which, the table of commands says. */
const options = {
  url: {
    type: 'string',
    value: '<url>',
    help: 'sqlite:./app.db, postgres://…, mysql://…   Default: the variable DATABASE_URL',
  },
  'table-prefix': {
    type: 'string',
    value: '<p>',
    help: 'What the names of all tables begin with.   Default: latchkey_',
  },
  schema: { type: 'string', value: '<name>', help: 'PostgreSQL: the schema of the tables.' },
  app: {
    type: 'string',
    value: '<module>',
    help: "The application's module that exports `auth`, in place of --url: its options hold, its profile is checked.",
  },
  identifiers: {
    type: 'string',
    value: '<kinds>',
    help: 'With --url: what accounts are known by; ? marks what they may lack.   Default: email,username?',
  },
  roles: {
    type: 'string',
    value: '<names>',
    help: 'With --url: all roles, the most powerful last.   Default: user,staff,admin',
  },
  'dry-run': { type: 'boolean', help: 'Only says what would be done.' },
  yes: { type: 'boolean', help: 'Does it: without this, only says what would be done.' },
  force: { type: 'boolean', help: 'Writes over a file that exists.' },
  json: { type: 'boolean', help: 'One JSON object to a line.' },
  format: { type: 'string', value: '<csv|ndjson>', help: 'Default: by the end of the file name.' },
  search: { type: 'string', value: '<text>', help: 'Only users of whom an identifier begins so.' },
  role: {
    type: 'string',
    multiple: true,
    value: '<name>',
    help: 'A role; may stand several times where it is given.',
  },
  status: {
    type: 'string',
    value: '<status>',
    help: 'Only users who are pending, active or disabled.',
  },
  limit: { type: 'string', value: '<n>', help: 'At most so many.   Default: 50' },
  email: { type: 'string', value: '<address>', help: 'The e-mail address.' },
  username: { type: 'string', value: '<name>', help: 'The username.' },
  phone: { type: 'string', value: '<number>', help: 'The phone number, with +.' },
  'if-exists': {
    type: 'string',
    value: '<what>',
    help: 'What becomes of accounts that exist: skip, update or refuse.',
  },
  'on-error': {
    type: 'string',
    value: '<what>',
    help: 'After a row that is refused: continue or stop.',
  },
  'update-passwords': {
    type: 'boolean',
    help: 'With --if-exists update: also the passwords of accounts that have one.',
  },
  'passphrase-file': {
    type: 'string',
    value: '<file>',
    help: 'Its first line is the passphrase.   Default: the variable LATCHKEY_PASSPHRASE, or asked for',
  },
  'without-events': { type: 'boolean', help: 'Leaves the audit log out.' },
  alg: {
    type: 'string',
    value: '<EdDSA|ES256>',
    help: 'EdDSA is Ed25519; ES256 is P-256, for services that know no EdDSA.   Default: EdDSA',
  },
  help: { type: 'boolean', help: 'Prints this.' },
  version: { type: 'boolean', help: 'Prints the version.' },
} as const satisfies Readonly<Record<string, OptionKind>>

/** The name of an option. */
export type OptionName = keyof typeof options

/** The options as they stand on a command line. */
export type OptionValues = {
  readonly [Name in OptionName]?: (typeof options)[Name] extends { readonly multiple: true }
    ? string[] | undefined
    : (typeof options)[Name]['type'] extends 'boolean'
      ? boolean | undefined
      : string | undefined
}

/** The options, in the words of `parseArgs`. */
export const parseable: ParseArgsOptionsConfig = Object.fromEntries(
  Object.entries<OptionKind>(options).map(([name, { type, multiple = false }]) => [
    name,
    { type, multiple },
  ]),
)

/** One line of help for each. */
export function describeOptions(names: readonly OptionName[]): string {
  return names
    .map((name) => {
      const { value = '', help }: OptionKind = options[name]
      return `  ${`--${name} ${value}`.padEnd(26)} ${help}`
    })
    .join('\n')
}
