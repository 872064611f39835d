import type { Auth, ShownAccount } from '@latchkey/core'
import { applicationOptions, withAuth } from './application.ts'
import type { Call, Command } from './command.ts'
import { filtersOf, wordOf } from './filters.ts'
import { askSecret, MisuseError, print } from './terminal.ts'
import { exportUsers, importUsers } from './transfer.ts'

/** Accounts. */
export const userCommands: readonly Command[] = [
  {
    name: 'users list',
    summary: 'Lists accounts, the newest first.',
    options: ['search', 'role', 'status', 'limit', 'json', ...applicationOptions],
    run: (call) => withAuth(call, (auth) => listUsers(call, auth)),
  },
  {
    name: 'users create',
    summary: 'Makes an active account, such as the first administrator. Asks for the password.',
    options: ['email', 'username', 'phone', 'role', 'if-exists', ...applicationOptions],
    run: (call) => withAuth(call, (auth) => createUser(call, auth)),
  },
  {
    name: 'users export',
    takes: '[file]',
    summary: 'Writes accounts, without password hashes, as CSV or NDJSON.',
    options: ['format', 'search', 'role', 'status', 'force', ...applicationOptions],
    run: (call) => withAuth(call, (auth) => exportUsers(call, auth)),
  },
  {
    name: 'users import',
    takes: '<file>',
    summary: 'Reads accounts from CSV or NDJSON, and tells which rows are refused.',
    options: [
      'format',
      'dry-run',
      'if-exists',
      'update-passwords',
      'on-error',
      ...applicationOptions,
    ],
    run: (call) => withAuth(call, (auth) => importUsers(call, auth)),
  },
]

const DEFAULT_LIMIT = 50
const MAX_PAGE = 200

async function listUsers(call: Call, auth: Auth): Promise<number> {
  const limit = limitOf(call.values.limit)
  let left = limit
  let cursor: string | undefined
  while (left > 0) {
    const query = { ...filtersOf(call), limit: Math.min(left, MAX_PAGE), cursor }
    const page = await auth.listUsers('system', query)
    for (const user of page.users) printUser(call, user)
    left -= page.users.length
    if (page.cursor === null) return 0
    cursor = page.cursor
  }
  print(call.terminal.stderr, `There are more: say --limit.`)
  return 0
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text)
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new MisuseError('--limit must be a whole number above 0.')
}

function printUser({ values, terminal: { stdout } }: Call, user: ShownAccount): void {
  print(stdout, values.json === true ? JSON.stringify(user) : lineOf(user))
}

function lineOf(user: ShownAccount): string {
  const { id, email, username, phone, roles, status, createdAt } = user
  const names = [email, username, phone].filter((name) => name !== null).join(' ')
  return [id, createdAt, status.padEnd(8), roles.join(',') || '-', names || '-'].join('  ')
}

async function createUser(call: Call, auth: Auth): Promise<number> {
  const { email, username, phone, role, 'if-exists': ifExists } = call.values
  const given = { email, username, phone, ...(role !== undefined && { roles: role }) }
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  const password = await askSecret(call.terminal, 'Password')
  const created = await auth.createUser({
    ...Object.fromEntries(members),
    password,
    ...(ifExists !== undefined && {
      ifExists: wordOf('if-exists', ifExists, ['refuse', 'return']),
    }),
  })
  print(call.terminal.stdout, created.id)
  return 0
}
