import type { Call } from './command.ts'
import type { OptionName } from './options.ts'
import { MisuseError } from './terminal.ts'

/** Which users are meant. What is no such role or status, the core refuses. */
export function filtersOf({ values }: Call) {
  const { search, status, role = [] } = values
  if (role.length > 1) throw new MisuseError('One --role at a time.')
  const filters = { search, status, role: role[0] }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

/** The word that an option was given, if it is one of those that it takes. */
export function wordOf<const Word extends string>(
  option: OptionName,
  given: string,
  words: readonly Word[],
): Word {
  const word = words.find((one) => one === given)
  if (word !== undefined) return word
  throw new MisuseError(`--${option} must be ${words.join(' or ')}.`)
}
