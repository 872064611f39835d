import type { User } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'
import { FOLDS, KINDS } from './identifiers.ts'
import { compare, listingBy } from './listed-users.ts'

const PREFIX = 'users.list, prefix'

/** What a pattern makes of the prefix. */
const PATTERNS: readonly [string, string, (prefix: string) => RegExp][] = [
  ['has any text for a percent sign', 'a percent sign', (text) => pattern(text, { '%': '.*' })],
  ['has any character for an underscore', 'an underscore', (text) => pattern(text, { _: '.' })],
  [
    'has a backslash for an escape',
    'a backslash',
    (text) => pattern(text.replace(/\\(.)/gs, '$1'), {}),
  ],
  ['has any text for an asterisk', 'an asterisk', (text) => pattern(text, { '*': '.*' })],
  [
    'has any character for a question mark',
    'a question mark',
    (text) => pattern(text, { '?': '.' }),
  ],
  [
    'has a list of characters in brackets',
    'a bracket',
    (text) => pattern(text, { '[': '[', ']': ']' }),
  ],
  ['doubles quotes in a prefix', 'a quote', (text) => pattern(text.replaceAll("'", "''"), {})],
  ['takes a prefix for a regular expression', 'a sign of regular expressions', expression],
  [
    'has an exclamation mark for an escape',
    'what begins a comment or a placeholder',
    (text) => pattern(text.replace(/!(.?)/gs, '$1'), {}),
  ],
]

export const brokenUserPrefixes: readonly BrokenStore[] = [
  ...KINDS.map((kind) =>
    broken(
      `looks for a prefix anywhere in the ${kind}`,
      `${PREFIX} > S094 gives whose ${kind} begins with it, and nobody else`,
      holding((user, prefix) => user[kind]?.includes(prefix)),
    ),
  ),

  ...KINDS.map((kind) =>
    broken(
      `looks for a prefix in no ${kind}`,
      `${PREFIX} > S094 gives whose ${kind} begins with it, and nobody else`,
      holding((user, prefix) => KINDS.some((k) => k !== kind && user[k]?.startsWith(prefix))),
    ),
  ),

  ...PATTERNS.map(([fault, what, patternOf]) =>
    broken(
      `${fault} in a prefix`,
      `${PREFIX} > S094 takes ${what} for itself`,
      holding((user, prefix) => values(user).some((value) => patternOf(prefix).test(value))),
    ),
  ),

  ...FOLDS.map(([how, what, fold]) =>
    broken(
      `compares prefixes ${how}`,
      `${PREFIX} > S113 is compared byte for byte: ${what}`,
      holding((user, prefix) => values(user).some((value) => fold(value).startsWith(fold(prefix)))),
    ),
  ),

  broken(
    'looks for a prefix below the same text with the next last character',
    `${PREFIX} > may end in any character`,
    holding((user, prefix) =>
      values(user).some(
        (value) => compare(value, prefix) >= 0 && compare(value, withNextCharacter(prefix)) < 0,
      ),
    ),
  ),

  broken(
    'looks for a prefix below the same text with the largest letter behind it',
    `${PREFIX} > may end in any character`,
    holding((user, prefix) =>
      values(user).some((value) => value >= prefix && value < `${prefix}\uf8ff`),
    ),
  ),

  broken(
    'rejects a prefix that is longer than its column',
    `${PREFIX} > may be longer than any identifier`,
    holding((user, prefix) => {
      if (prefix.length > 255) throw new Error('data too long')
      return values(user).some((value) => value.startsWith(prefix))
    }),
  ),

  broken(
    'cuts a prefix that is longer than its column',
    `${PREFIX} > may be longer than any identifier`,
    holding((user, prefix) => values(user).some((value) => value.startsWith(prefix.slice(0, 200)))),
  ),

  broken(
    'lists a user for each identifier that begins with the prefix',
    `${PREFIX} > gives who has several identifiers that begin with it once, in pages too`,
    ({ users }) => ({
      users: {
        async list(query) {
          const { prefix, limit } = query
          const listed = await users.list(query)
          if (prefix === null) return listed
          const each = listed.flatMap((user) =>
            values(user)
              .filter((value) => value.startsWith(prefix))
              .map(() => user),
          )
          return each.slice(0, limit)
        },
      },
    }),
  ),

  broken(
    'looks for a prefix in what sorts',
    `${PREFIX} > finds by any identifier, whichever of them sorts`,
    ({ users }) => ({
      users: {
        async list(query) {
          const { prefix, sort } = query
          const listed = await users.list(query)
          if (prefix === null || sort === 'createdAt') return listed
          return listed.filter((user) => user[sort]?.startsWith(prefix))
        },
      },
    }),
  ),

  broken(
    'looks for a prefix in what users typed',
    `${PREFIX} > finds nobody in what they typed`,
    holding((user, prefix) =>
      [user.emailAsTyped, user.usernameAsTyped, ...values(user)].some((value) =>
        value?.startsWith(prefix),
      ),
    ),
  ),

  broken(
    'looks for a prefix in the identifiers that users came with',
    `${PREFIX} > finds by what an identifier is now`,
    (store) => {
      const came = new Map<string, readonly string[]>()
      const { users } = holding(({ id }, prefix) =>
        came.get(id)?.some((value) => value.startsWith(prefix)),
      )(store)
      return {
        users: {
          ...users,
          insert(user) {
            came.set(user.id, values(user))
            return store.users.insert(user)
          },
        },
      }
    },
  ),
]

/** Has another rule for who has a prefix. */
function holding(hasPrefix: (user: User, prefix: string) => boolean | undefined) {
  return listingBy({ hasPrefix: (user, prefix) => hasPrefix(user, prefix) === true })
}

function values(user: User): string[] {
  return KINDS.flatMap((kind) => user[kind] ?? [])
}

/** What stands for itself but for these signs. */
function pattern(text: string, signs: Readonly<Record<string, string>>): RegExp {
  const parts = Array.from(text, (char) => signs[char] ?? literal(char))
  return tolerant(parts.join(''), text)
}

function expression(text: string): RegExp {
  return tolerant(text, text)
}

/** What is no pattern is taken for itself. */
function tolerant(source: string, text: string): RegExp {
  try {
    return new RegExp(`^(?:${source})`, 's')
  } catch {
    return new RegExp(`^${literal(text)}`, 's')
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

/** Of U+D7FF that is a surrogate, which UTF-8 does not have. */
function withNextCharacter(text: string): string {
  const last = Array.from(text).at(-1) ?? ''
  return text.slice(0, -last.length) + String.fromCodePoint((last.codePointAt(0) ?? 0) + 1)
}
