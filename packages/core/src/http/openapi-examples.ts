import type { AuthErrorCode, InputError } from '../errors.ts'
import { problemDetails, problems } from './problem.ts'

/** Members as they may be told to be wrong, for the codes that tell it. */
const errors: Partial<Record<AuthErrorCode, InputError>> = {
  invalid_input: {
    pointer: '/nickname',
    code: 'unknown_member',
    detail: 'There is no such member.',
  },
  wrong_password: {
    pointer: '/currentPassword',
    code: 'required',
    detail: 'Give the current password.',
  },
  username_taken: { pointer: '/username', code: 'taken', detail: 'Choose another username.' },
  password_too_short: {
    pointer: '/newPassword',
    code: 'password_too_short',
    detail: 'Choose at least 8 characters.',
  },
  password_blocked: {
    pointer: '/newPassword',
    code: 'password_blocked',
    detail: 'Choose a password that is harder to guess.',
  },
}

const codes = Object.keys(problems) as AuthErrorCode[]

/** An example of each refusal, under its code. */
export const examplesOfRefusals = Object.fromEntries(
  codes.map((code) => {
    const told = errors[code]
    const value = problemDetails({ code, errors: told === undefined ? [] : [told] })
    return [code, { summary: problems[code].title, value }]
  }),
)

/** The examples of these refusals, as a document refers to them. */
export function examplesOf(refused: readonly AuthErrorCode[]) {
  return Object.fromEntries(
    refused.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
  )
}
