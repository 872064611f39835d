import * as z from 'zod'
import type { Context } from '../context.ts'
import { isVerifiable } from '../crypto/foreign-hashes.ts'
import { isId } from '../crypto/random.ts'
import { AuthError, type InputError } from '../errors.ts'
import { type GivenIdentifiers, readIdentifiers } from '../identifiers.ts'
import { type InputOf, parseInput, rolesSchema } from '../input.ts'
import { once } from '../once.ts'
import { passwordSchema } from '../passwords.ts'
import { profileInput, readProfile } from '../profiles.ts'
import type { JsonObject } from '../records.ts'

const MAX_HASH = 1024

const time = () => z.iso.datetime({ offset: true, error: 'Give a time in ISO 8601, with a zone.' })

const rowSchema = once(() =>
  z
    .strictObject({
      id: z.string().toLowerCase().refine(isId, 'Give a UUID.'),
      email: z.string().max(320),
      emailVerified: z.boolean(),
      username: z.string().max(64),
      phone: z.string().max(64),
      phoneVerified: z.boolean(),
      password: passwordSchema(),
      passwordHash: z
        .string()
        .max(MAX_HASH)
        .refine(isVerifiable, 'Give a hash of a kind that can be verified.'),
      roles: rolesSchema(),
      status: z.enum(['active', 'pending', 'disabled'], 'Give active, pending or disabled.'),
      profile: profileInput(),
      createdAt: time().transform((text) => new Date(text)),
      /** Of an export: that of the import counts. */
      updatedAt: time(),
    })
    .partial(),
)

type Given = InputOf<typeof rowSchema>

/** An account that is to be imported, as far as its row says. */
export interface ImportedAccount extends Omit<Given, 'email' | 'username' | 'phone' | 'profile'> {
  readonly identifiers: GivenIdentifiers
  /** The members that the row gives. */
  readonly profile: Readonly<Record<string, unknown>> | undefined
  /** The profile that a new account would have. */
  readonly newProfile: JsonObject
}

/** Reads a row. Throws `invalid_input` for what no account can be. */
export async function readImportedAccount(ctx: Context, value: unknown): Promise<ImportedAccount> {
  const given = parseInput(rowSchema, withoutNulls(value))
  const { email, username, phone, profile, ...account } = given
  const identifiers = readIdentifiers(ctx, { email, username, phone }, { trusted: true })
  const errors = problemsOf(ctx, given)
  if (errors.length > 0) throw new AuthError('invalid_input', { errors })
  const members = profile === undefined || isEmpty(profile) ? undefined : profile
  const change = { writer: 'administrator', current: {} } as const
  const newProfile = await readProfile(ctx, members, change)
  return { ...account, identifiers, profile: members, newProfile }
}

/** An export says `null` of what there is not. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member != null))
}

function problemsOf(ctx: Context, given: Given): readonly InputError[] {
  const { email, username, phone, password, passwordHash, createdAt, roles = [] } = given
  const nameless = email === undefined && username === undefined && phone === undefined
  const late = createdAt !== undefined && !isPast(ctx, createdAt)
  return [
    ...(nameless ? [problem('', 'required', 'Give something by which the account is known.')] : []),
    ...(password !== undefined && passwordHash !== undefined
      ? [problem('/passwordHash', 'invalid', 'Give either a password or its hash.')]
      : []),
    ...(late ? [problem('/createdAt', 'invalid', 'Give a time since 1970 that has been.')] : []),
    ...(roles.every((role) => ctx.settings.roles.includes(role))
      ? []
      : [problem('/roles', 'unknown_role', `Give none but ${ctx.settings.roles.join(', ')}.`)]),
  ]
}

function problem(pointer: string, code: InputError['code'], detail: string): InputError {
  return { pointer, code, detail }
}

function isPast(ctx: Context, time: Date): boolean {
  return time.getTime() >= 0 && time <= ctx.now()
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0
}
