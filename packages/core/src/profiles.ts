import * as z from 'zod'
import type { Context } from './context.ts'
import { AuthError, type InputError, inputError } from './errors.ts'
import { once } from './once.ts'
import type { ProfileAudience } from './profile-rules.ts'
import type { ProfileIssue, ProfileSchema } from './profile-schema.ts'
import type { JsonObject } from './records.ts'

/** A profile at the door: any object. What is in it, the application's own schema judges. */
export const profileInput = once(() =>
  z.record(z.string().max(64), z.unknown()).meta({
    description: "The application's own fields. What is left out stays; null takes away.",
  }),
)

/** Of any shape where the application has no schema for it: then every member is refused anyway. */
type GivenProfile<Profile> = JsonObject extends Profile
  ? Readonly<Record<string, unknown>>
  : Partial<Profile>

/** An input, with the type of the profile that the application's schema gives it. */
export type WithProfile<Input, Profile> = Omit<Input, 'profile'> & {
  readonly profile?: GivenProfile<Profile> | undefined
}

/** The same for a change: `null` takes a member away. */
export type WithProfilePatch<Input, Profile> = Omit<Input, 'profile'> & {
  readonly profile?: { readonly [Name in keyof Profile]?: Profile[Name] | null } | undefined
}

/** Who changes a profile, and what it is until now. */
export interface ProfileChange {
  readonly writer: ProfileAudience
  readonly current: JsonObject
}

// With the rest of a record it has to fit into any database, and into a token that carries it until activation.
const MAX_BYTES = 8 * 1024
const MAX_DEPTH = 8
const MAX_DETAIL = 200

/**
 * The profile that a change leads to: members are replaced whole, `null` takes one away (RFC 7396, on the first level).
 * Throws `invalid_input` for what the schema refuses, and for members that are not the writer's to change.
 */
export async function readProfile(
  ctx: Context,
  given: Readonly<Record<string, unknown>> | undefined,
  { writer, current }: ProfileChange,
): Promise<JsonObject> {
  const { profile: schema, profileRules } = ctx.settings
  if (schema === null) {
    if (given === undefined) return current
    throw inputError('/profile', 'unknown_member', 'There is no such member.')
  }
  const foreign = Object.keys(given ?? {}).filter(
    (name) => writer === 'owner' && ruleOf(profileRules, name)?.write === 'administrator',
  )
  if (foreign.length > 0) throw new AuthError('invalid_input', { errors: foreign.map(notYours) })
  // A schema may call itself: what is nested a thousand times would be too much for the stack.
  if (!isShallow(given, MAX_DEPTH)) throw tooDeep()
  return validate(schema, merge(current, given ?? {}))
}

/**
 * What the owner chose when they registered, over what an administrator gave: but for members that are not the owner's to
 * change, for which the schema alone may have spoken.
 */
export function withChosen(
  { settings }: Pick<Context, 'settings'>,
  current: JsonObject,
  chosen: JsonObject,
): JsonObject {
  const theirs = Object.entries(chosen).filter(
    ([name]) =>
      !Object.hasOwn(current, name) ||
      ruleOf(settings.profileRules, name)?.write !== 'administrator',
  )
  return { ...current, ...Object.fromEntries(theirs) }
}

/** The members that this audience may see. */
export function visibleProfile(
  { settings }: Pick<Context, 'settings'>,
  profile: JsonObject,
  reader: ProfileAudience,
): JsonObject {
  const visible = Object.entries(profile).filter(
    ([name]) =>
      reader === 'administrator' || ruleOf(settings.profileRules, name)?.read !== 'administrator',
  )
  return Object.fromEntries(visible)
}

function ruleOf<Rule>(rules: Readonly<Record<string, Rule>>, name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}

function notYours(name: string): InputError {
  return { pointer: pointer([name]), code: 'unknown_member', detail: 'There is no such member.' }
}

function merge(
  current: JsonObject,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const members = Object.entries({ ...current, ...given }).filter(([, value]) => value !== null)
  return Object.fromEntries(members)
}

async function validate(schema: ProfileSchema, value: object): Promise<JsonObject> {
  const verdict = await schema['~standard'].validate(value)
  if (verdict.issues !== undefined) {
    const errors = verdict.issues.slice(0, 16).map((issue) => toError(issue, value))
    throw new AuthError('invalid_input', { errors })
  }
  return checkStorable(verdict.value)
}

/** In the words of the application's schema. */
function toError({ path = [], message }: ProfileIssue, value: object): InputError {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part))
  const found = keys.reduce<unknown>((at, key) => Object(at)[key], value)
  const code = keys.length > 0 && found === undefined ? 'required' : 'invalid'
  return { pointer: pointer(keys), code, detail: message.slice(0, MAX_DETAIL) }
}

function pointer(keys: readonly PropertyKey[]): string {
  const escaped = keys.map((key) =>
    String(key).slice(0, 64).replace(/~/g, '~0').replace(/\//g, '~1'),
  )
  return ['/profile', ...escaped].join('/')
}

function checkStorable(profile: object): JsonObject {
  if (!isShallow(profile, MAX_DEPTH)) throw tooDeep()
  if (!isJson(profile)) {
    throw new Error(
      'the output of the profile schema must be JSON: strings, numbers, lists, objects',
    )
  }
  const text = JSON.stringify(profile)
  if (!isStorable(profile)) {
    throw inputError(
      '/profile',
      'invalid',
      'Give well-formed text without U+0000, and finite numbers.',
    )
  }
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw inputError('/profile', 'too_long', `Give at most ${MAX_BYTES} bytes.`)
  }
  return profile as JsonObject
}

function tooDeep(): AuthError {
  return inputError('/profile', 'invalid', 'Nest less deeply.')
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1))
}

function isJson(value: unknown): boolean {
  if (value === null || ['string', 'boolean', 'number'].includes(typeof value)) return true
  if (typeof value !== 'object') return false
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return plain && Object.values(value).every(isJson)
}

/** Databases refuse U+0000, and make something else of half a character. JSON has no number that 1e999 could be. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every((entry) => entry.every(isStorable))
}
