import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Auth, createAuth, type IdentifierKind, type ProfileSchema } from '@latchkey/core'
import type { Call } from './command.ts'
import type { OptionName } from './options.ts'
import { MisuseError } from './terminal.ts'

/** What names the application, or stands for it. */
export const applicationOptions: readonly OptionName[] = ['app', 'identifiers', 'roles']

/** Works with the application's own `auth`, or with one that stands for it on the database of `--url`. */
export async function withAuth<T>(call: Call, work: (auth: Auth) => Promise<T>): Promise<T> {
  const { app } = call.values
  const auth = app === undefined ? standIn(call) : await load(app)
  try {
    return await work(auth)
  } finally {
    await auth.close()
  }
}

async function load(path: string): Promise<Auth> {
  const file = resolve(path)
  if (!existsSync(file)) throw new MisuseError(`There is no module ${path}.`)
  const module: Record<string, unknown> = await import(pathToFileURL(file).href)
  const auth = module.auth ?? module.default
  if (typeof Object(auth).listUsers !== 'function') {
    throw new MisuseError(`${path} exports no "auth": it must be what createAuth() gave.`)
  }
  return auth as Auth
}

/** Sends nothing, signs nothing: its secret is nobody's. */
function standIn({ values, store }: Call): Auth {
  const kinds = (values.identifiers ?? 'email,username?').split(',')
  return createAuth({
    secret: randomBytes(32).toString('base64'),
    store: store(),
    origin: 'https://localhost',
    mailer: () => {},
    sms: () => {},
    identifiers: kinds.map(kindOf),
    optionalIdentifiers: kinds.filter((kind) => kind.endsWith('?')).map(kindOf),
    activation: 'none',
    roles: (values.roles ?? 'user,staff,admin').split(','),
    profile: anyProfile,
    maintenance: false,
  })
}

function kindOf(word: string): IdentifierKind {
  const kind = word.replace(/\?$/, '')
  if (kind === 'email' || kind === 'username' || kind === 'phone') return kind
  throw new MisuseError(`--identifiers: "${kind}" is none of email, username, phone.`)
}

/** The application's schema is not known here. */
const anyProfile: ProfileSchema<Readonly<Record<string, never>>> = {
  '~standard': {
    version: 1,
    vendor: 'latchkey',
    validate: (value) => ({ value: Object(value) }),
  },
}
