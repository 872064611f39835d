import type { Identifier, IdentifierKind, Store, User } from '@latchkey/core'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

export const KINDS: readonly IdentifierKind[] = ['email', 'username', 'phone']

export const FOLDS: readonly [string, string, (value: string) => string][] = [
  ['no regard for case', 'letters of another case', (value) => value.toLowerCase()],
  ['no regard for spaces at the end', 'white space behind them', (value) => value.trimEnd()],
  ['no regard for accents', 'letters with accents', withoutAccents],
  ['normalised', 'another normal form of the same letters', (value) => value.normalize('NFC')],
  ['normalised for compatibility', 'compatibility forms of letters', (v) => v.normalize('NFKC')],
  ['by a collation of its language', 'letters that fold into two', (v) => v.replace('ß', 'ss')],
  ['without what cannot be seen', 'invisible characters', (v) => v.replace(/\p{Cf}|\ufe0f/gu, '')],
  ['in three bytes', 'characters of four bytes', (v) => v.replace(/[^\0-\uffff]/gu, '?')],
  ['as numbers where they look like numbers', 'texts of one number', asNumber],
]

export const brokenIdentifiers: readonly BrokenStore[] = [
  ...FOLDS.map(([how, what, fold]) =>
    broken(
      `compares identifiers ${how}`,
      `identifiers are compared byte for byte > finds nobody by a value that differs in ${what}`,
      folding(fold),
    ),
  ),

  ...KINDS.map((kind) =>
    broken(
      `finds users by the ${kind} that they came with`,
      `users.update, identifiers > finds the user by the new ${kind}, and no longer by the old`,
      ({ users }) => {
        const ids = new Map<string, string>()
        return {
          users: {
            insert(user) {
              ids.set(`${user[kind]}`, user.id)
              return users.insert(user)
            },
            findByIdentifier: async (identifier) =>
              identifier.kind === kind
                ? users.find(ids.get(identifier.value) ?? '')
                : users.findByIdentifier(identifier),
          },
        }
      },
    ),
  ),

  broken(
    'answers undefined for an identifier that nobody has',
    'users.insert and users.find > answer null for an identifier that nobody has, of any kind',
    ({ users }) => ({
      users: {
        findByIdentifier: async (identifier) =>
          (await users.findByIdentifier(identifier)) ?? (undefined as never),
      },
    }),
  ),

  broken(
    'finds no identifier of a user who is disabled',
    'users.insert and users.find > find a user who is disabled, by id and by identifier',
    ({ users }) => ({
      users: {
        async findByIdentifier(identifier) {
          const user = await users.findByIdentifier(identifier)
          return user?.status === 'disabled' ? null : user
        },
      },
    }),
  ),
]

/** Two values of one fold are one. */
function folding(fold: (value: string) => string): (sound: Store) => Faults {
  return ({ users }) => {
    const held = new Map<string, Identifier>()
    const key = ({ kind, value }: Identifier) => `${kind}:${fold(value)}`
    const stored = (identifier: Identifier) => held.get(key(identifier)) ?? identifier
    return {
      users: {
        async insert(user) {
          await users.insert(user)
          for (const identifier of identifiersOf(user)) held.set(key(identifier), identifier)
        },
        findByIdentifier: (identifier) => users.findByIdentifier(stored(identifier)),
        countFailedLogin: (identifier) => users.countFailedLogin(stored(identifier)),
      },
    }
  }
}

export function identifiersOf(user: User): Identifier[] {
  return KINDS.flatMap((kind) => {
    const value = user[kind]
    return value === null ? [] : [{ kind, value }]
  })
}

function withoutAccents(value: string): string {
  return value.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ø', 'o')
}

function asNumber(value: string): string {
  return value.trim() === '' || Number.isNaN(Number(value)) ? value : `${Number(value)}`
}
