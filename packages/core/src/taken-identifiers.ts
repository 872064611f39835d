import { type AuthError, inputError } from './errors.ts'
import type { IdentifierKind } from './records.ts'

const takenErrors = {
  email: ['email_taken', 'This e-mail address belongs to another account.'],
  phone: ['phone_taken', 'This phone number belongs to another account.'],
  username: ['username_taken', 'This username belongs to another account.'],
} as const

/** Says openly that somebody has the identifier: only to those who may know who has an account. */
export function takenError(kind: IdentifierKind): AuthError {
  const [code, detail] = takenErrors[kind]
  return inputError(`/${kind}`, 'taken', detail, code)
}
