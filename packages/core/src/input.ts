import * as z from 'zod'
import { AuthError, ConfigurationError, type InputError } from './errors.ts'
import { once } from './once.ts'

const MAX_SHOWN = 64
// An answer is not to be much larger than what it answers.
const MAX_ERRORS = 16

/** One line of text that every database can store: well-formed, no control characters, 1 to 100 characters. */
export const lineSchema = once(() =>
  z
    .string()
    .max(100)
    .trim()
    .min(1)
    .refine((text) => text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text), {
      error: 'Give one line of well-formed text.',
    }),
)

/** The name of a role or a permission. */
export const roleSchema = once(() =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/, 'must be letters, digits and . _ : -'),
)

/** The names of roles: short and plain enough that all of a user's fit into an access token. */
export const rolesSchema = once(() =>
  z.array(roleSchema(), 'must be a list of role names').max(16, 'must be at most 16 roles'),
)

/** What a schema makes of an input. */
export type InputOf<Schema extends () => z.ZodType> = z.output<ReturnType<Schema>>

/** Reads an input, or throws `invalid_input` with every member that is wrong. Values are never repeated. */
export function parseInput<T>(schema: () => z.ZodType<T>, value: unknown): T {
  const result = schema().safeParse(value)
  if (result.success) return result.data
  const { issues } = result.error
  const errors = issues.flatMap((issue) => toErrors(issue, value)).slice(0, MAX_ERRORS)
  throw new AuthError('invalid_input', { errors })
}

function toErrors(issue: z.core.$ZodIssue, value: unknown): InputError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...issue.path, key]),
      code: 'unknown_member',
      detail: 'There is no such member.',
    }))
  }
  return [{ pointer: pointer(issue.path), ...complaint(issue, value) }]
}

/** In our own words: those of the schema library may change with it. */
function complaint(issue: z.core.$ZodIssue, value: unknown): Omit<InputError, 'pointer'> {
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue.path, value)
        ? { code: 'required', detail: 'This member is missing.' }
        : { code: 'wrong_type', detail: `Give ${withArticle(issue.expected)}.` }
    case 'too_small':
      return { code: 'too_short', detail: `Give at least ${amount(issue.minimum, issue.origin)}.` }
    case 'too_big':
      return { code: 'too_long', detail: `Give at most ${amount(issue.maximum, issue.origin)}.` }
    case 'custom':
      return { code: issue.params?.code ?? 'invalid', detail: issue.message }
    default:
      return { code: 'invalid', detail: issue.message }
  }
}

function isMissing(path: readonly PropertyKey[], value: unknown): boolean {
  const found = path.reduce<unknown>((at, key) => Object(at)[key], value)
  return path.length > 0 && found === undefined
}

function withArticle(type: string): string {
  return type === 'array' ? 'a list' : type === 'object' ? 'an object' : `a ${type}`
}

function amount(limit: number | bigint, origin: string): string {
  const what = origin === 'string' ? 'character' : 'item'
  return `${limit} ${what}${Number(limit) === 1 ? '' : 's'}`
}

/** The JSON Pointer (RFC 6901) to a member, by the names that lead to it. */
export function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((key) => `/${String(key).slice(0, MAX_SHOWN).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}

/** The first thing that is wrong with the options of a function, in the words of the schema. */
export function toConfigurationError(where: string, error: z.ZodError): ConfigurationError {
  const [issue] = error.issues
  if (issue?.code !== 'unrecognized_keys') {
    const option = issue?.path.join('.') || 'options'
    return new ConfigurationError(where, option, issue?.message ?? 'is wrong')
  }
  const option = [...issue.path, issue.keys[0]].join('.')
  return new ConfigurationError(
    where,
    option,
    'does not exist: check its spelling, or leave it out',
  )
}
