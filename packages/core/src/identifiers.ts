import { domainToASCII } from 'node:url'
import type { Context, Settings } from './context.ts'
import { AuthError, type InputError, inputError } from './errors.ts'
import type { Identifier, IdentifierKind, User } from './records.ts'

/** An identifier in both forms: the one that is compared, and the one that its owner wrote. */
export interface GivenIdentifier {
  readonly canonical: string
  readonly asTyped: string
}

/** The identifiers of a new account. */
export type GivenIdentifiers = Readonly<Record<IdentifierKind, GivenIdentifier | null>>

/** Nothing to be known by. */
export const noIdentifiers: GivenIdentifiers = { email: null, username: null, phone: null }

const advice: Record<IdentifierKind, string> = {
  email: 'Give one plain e-mail address.',
  username:
    'Give 3 to 32 characters of a-z, 0-9, ".", "_" and "-", not only digits, that begin and end with a letter or digit.',
  phone: 'Give one phone number, with "+" and the code of its country.',
}

/**
 * Reads the identifiers of a new account: each configured kind is required unless it is optional, another kind is
 * refused. `trusted`, for accounts that the application itself makes, allows reserved usernames.
 */
export function readIdentifiers(
  ctx: Pick<Context, 'settings'>,
  input: Readonly<Partial<Record<IdentifierKind, string | undefined>>>,
  { trusted = false } = {},
): GivenIdentifiers {
  const errors: InputError[] = []
  const read = (kind: IdentifierKind): GivenIdentifier | null => {
    const text = input[kind]
    const canonical = text === undefined ? null : canonicalForm(ctx, kind, text, trusted)
    const code = verdict(ctx.settings, kind, text, canonical)
    if (code !== null) errors.push({ pointer: `/${kind}`, code, detail: advice[kind] })
    return text === undefined || canonical === null ? null : { canonical, asTyped: text }
  }
  const identifiers = { email: read('email'), username: read('username'), phone: read('phone') }
  if (errors.length > 0) throw new AuthError('invalid_input', { errors })
  return identifiers
}

function verdict(
  { identifiers, optionalIdentifiers }: Settings,
  kind: IdentifierKind,
  text: string | undefined,
  canonical: string | null,
) {
  if (!identifiers.includes(kind)) return text === undefined ? null : 'not_accepted'
  if (text === undefined) return optionalIdentifiers.includes(kind) ? null : 'required'
  return canonical === null ? 'invalid' : null
}

/** Reads the identifiers that an administrator gives an account: any of the configured kinds, none of them required. */
export function readSomeIdentifiers(
  { settings }: Pick<Context, 'settings'>,
  input: Readonly<Partial<Record<IdentifierKind, string | undefined>>>,
): GivenIdentifiers {
  const allOptional = { ...settings, optionalIdentifiers: settings.identifiers }
  return readIdentifiers({ settings: allOptional }, input)
}

/** Reads one identifier of a kind, for an account that is to have it from now on. Throws `invalid_input`. */
export function readNewIdentifier(
  ctx: Pick<Context, 'settings'>,
  kind: IdentifierKind,
  text: string,
): GivenIdentifier {
  const canonical = canonicalForm(ctx, kind, text)
  const code = verdict(ctx.settings, kind, text, canonical)
  if (code !== null || canonical === null) {
    throw inputError(`/${kind}`, code ?? 'invalid', advice[kind])
  }
  return { canonical, asTyped: text }
}

/** The one form in which identifiers of this kind are compared; `null` for what is none. */
export function canonicalForm(
  { settings }: Pick<Context, 'settings'>,
  kind: IdentifierKind,
  text: string,
  trusted = false,
): string | null {
  if (kind === 'email') return canonicalEmail(text)
  return kind === 'phone' ? settings.parsePhone(text) : canonicalUsername(text, trusted)
}

/**
 * Whom a login or a request for a message names; `null` when nobody can have such an identifier. No text is of two
 * kinds: an address has an at sign, a username a letter, a phone number neither (S017).
 */
export function readIdentifier(ctx: Pick<Context, 'settings'>, text: string): Identifier | null {
  const kind = kindOf(text)
  if (!ctx.settings.identifiers.includes(kind)) return null
  // Reserved names count here: the application itself may have given them out.
  const value = canonicalForm(ctx, kind, text, true)
  return value === null ? null : { kind, value }
}

function kindOf(text: string): IdentifierKind {
  if (text.includes('@')) return 'email'
  return /[a-z]/i.test(text) ? 'username' : 'phone'
}

/** The identifiers in every form that their owner may take for a password, and the texts of the profile. */
export function namesOf(
  { email, username, phone }: GivenIdentifiers,
  profile: object,
): readonly string[] {
  const forms = [email, username, phone].flatMap((given) =>
    given === null ? [] : [given.canonical, given.asTyped],
  )
  return [...forms, ...digitsOf(phone?.canonical), ...textsOf(profile)]
}

/** See {@link namesOf}. */
export function namesOfUser(user: User): readonly string[] {
  const { email, emailAsTyped, username, phone, profile } = user
  const forms = [email, emailAsTyped, username, phone].filter((form) => form !== null)
  return [...forms, ...digitsOf(phone), ...textsOf(profile)]
}

function digitsOf(phone: string | null | undefined): readonly string[] {
  return phone == null ? [] : [phone.replace('+', '')]
}

/** What may be a name in a profile: which member is one, only the application knows. */
function textsOf(profile: object): readonly string[] {
  return Object.values(profile).filter((member) => typeof member === 'string')
}

// RFC 5321, section 4.5.3.1. A dot-atom without the characters with which old relays spell routes (S015).
const MAX_EMAIL = 254
const MAX_LOCAL = 64
const LOCAL = /^[A-Za-z0-9#$&'*+/=?^_`{}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{}~-]+)*$/
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const IDN = /^[\p{L}\p{M}\p{N}.-]+$/u

/**
 * Lower case, the domain as A-labels (RFC 5890). Neither dots nor `+` are folded: that is the mail host's affair.
 * A domain with compatibility characters, such as full-width letters, is refused: they look like another (S013, S014).
 */
export function canonicalEmail(text: string): string | null {
  const at = text.indexOf('@')
  const local = text.slice(0, at)
  const domain = text.slice(at + 1)
  if (at < 1 || text.length > MAX_EMAIL || local.length > MAX_LOCAL || !LOCAL.test(local)) {
    return null
  }
  if (!IDN.test(domain) || domain !== domain.normalize('NFKC')) return null
  const ascii = domainToASCII(domain)
  const email = `${local.toLowerCase()}@${ascii}`
  return DOMAIN.test(ascii) && email.length <= MAX_EMAIL ? email : null
}

// A subset of UsernameCaseMapped (RFC 8265, section 3.3) in which no two names look alike in another script.
const USERNAME = /^[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]$/
const LIKE_A_PHONE = /^[0-9._-]+$/
// An id without its dashes: PostgreSQL, for one, reads it as the same.
const LIKE_AN_ID = /^[0-9a-f]{32}$/

/** Names that would let a user speak for the application, or that software takes for something else. */
const RESERVED = new Set(
  'abuse admin administrator anonymous api auth everyone guest help hostmaster info login logout moderator nobody none noreply null official operator owner postmaster register root security staff support sysadmin system undefined webmaster'.split(
    ' ',
  ),
)

/** Lower case. Never an e-mail address, a phone number or an id (S016, S017). */
export function canonicalUsername(text: string, trusted = false): string | null {
  // ASCII only, before lower-casing: the Kelvin sign, for one, becomes a plain k.
  if (!/^[\x21-\x7e]+$/.test(text)) return null
  const name = text.toLowerCase()
  if (!USERNAME.test(name) || LIKE_A_PHONE.test(name) || LIKE_AN_ID.test(name)) return null
  return RESERVED.has(name) && !trusted ? null : name
}
