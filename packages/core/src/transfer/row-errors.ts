import { AuthError, type AuthErrorCode, type InputError } from '../errors.ts'
import { takenField } from '../unique-violation.ts'

const wholeRow: Readonly<Partial<Record<AuthErrorCode, InputError>>> = {
  forbidden: { pointer: '', code: 'not_allowed', detail: 'The account has a role above yours.' },
  last_administrator: {
    pointer: '',
    code: 'last_administrator',
    detail: 'At least one administrator must remain.',
  },
  not_found: { pointer: '', code: 'invalid', detail: 'The account was deleted meanwhile.' },
}

/** What is wrong with a row, if that is why it failed; `null` for everything else. */
export function rowErrors(error: unknown): readonly InputError[] | null {
  const field = takenField(error)
  if (field !== null) {
    return [{ pointer: `/${field}`, code: 'taken', detail: 'This belongs to another account.' }]
  }
  if (!(error instanceof AuthError)) return null
  if (error.errors.length > 0) return error.errors
  const told = wholeRow[error.code]
  return told === undefined ? null : [told]
}
