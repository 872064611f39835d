import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError, type InputErrorCode } from '../errors.ts'
import { canonicalForm, type GivenIdentifier, namesOf } from '../identifiers.ts'
import { type InputOf, parseInput } from '../input.ts'
import { once } from '../once.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import { profileInput } from '../profiles.ts'
import type { IdentifierKind } from '../records.ts'

export const passwordOwnerInput = once(() =>
  z.strictObject({
    email: z.string().optional(),
    username: z.string().optional(),
    phone: z.string().optional(),
    profile: profileInput().optional(),
  }),
)

/** Whose password it is going to be, as far as they have said: what is unfinished or wrong there is no error here. */
export type PasswordOwner = InputOf<typeof passwordOwnerInput>

/** Whether a password would be accepted; if not, the reason, by the code and in the words of the refusal. */
export type PasswordCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: InputErrorCode; readonly detail: string }

/** Judges a password by what every door judges by, so that a form can say it before it is sent. */
export async function checkPassword(
  ctx: Context,
  password: string,
  owner: PasswordOwner,
): Promise<PasswordCheck> {
  try {
    await checkNewPassword(ctx, '', parseInput(passwordSchema, password), namesOfOwner(ctx, owner))
    return { ok: true }
  } catch (error) {
    const [reason] = error instanceof AuthError ? error.errors : []
    if (reason === undefined) throw error
    return { ok: false, code: reason.code, detail: reason.detail }
  }
}

function namesOfOwner(ctx: Context, { profile = {}, ...given }: PasswordOwner): readonly string[] {
  const read = (kind: IdentifierKind): GivenIdentifier | null => {
    const text = given[kind]
    if (text === undefined) return null
    return { canonical: canonicalForm(ctx, kind, text, true) ?? text, asTyped: text }
  }
  const identifiers = { email: read('email'), username: read('username'), phone: read('phone') }
  return namesOf(identifiers, profile)
}
