import { domainToASCII } from 'node:url'
import type { Context } from './context.ts'
import { AuthError, type InputError } from './errors.ts'
import type { Identifier, IdentifierKind } from './records.ts'

/** An identifier in both forms: the one that is compared, and the one that its owner wrote. */
interface GivenIdentifier {
  readonly canonical: string
  readonly asTyped: string
}

/** The identifiers of a registration, one for each configured kind. */
export type GivenIdentifiers = Readonly<Record<'email' | 'username', GivenIdentifier | null>>

type Reader = (text: string, trusted: boolean) => string | null

const readers: Record<'email' | 'username', Reader> = {
  email: canonicalEmail,
  username: canonicalUsername,
}

const advice: Record<'email' | 'username', string> = {
  email: 'Give one plain e-mail address.',
  username:
    'Give 3 to 32 characters of a-z, 0-9, ".", "_" and "-", not only digits, that begin and end with a letter or digit.',
}

/**
 * Reads the identifiers of a new account: each configured kind is required, another kind is refused. `trusted`, for
 * accounts that the application itself makes, allows reserved usernames.
 */
export function readIdentifiers(
  ctx: Context,
  input: Readonly<Partial<Record<'email' | 'username', string | undefined>>>,
  { trusted = false } = {},
): GivenIdentifiers {
  const errors: InputError[] = []
  const read = (kind: 'email' | 'username'): GivenIdentifier | null => {
    const text = input[kind]
    const wanted = ctx.settings.identifiers.includes(kind)
    const canonical = text === undefined ? null : readers[kind](text, trusted)
    const code = verdict(wanted, text, canonical)
    if (code !== null) errors.push({ pointer: `/${kind}`, code, detail: advice[kind] })
    return text === undefined || canonical === null ? null : { canonical, asTyped: text }
  }
  const identifiers = { email: read('email'), username: read('username') }
  if (errors.length > 0) throw new AuthError('invalid_input', { errors })
  return identifiers
}

function verdict(wanted: boolean, text: string | undefined, canonical: string | null) {
  if (!wanted) return text === undefined ? null : 'not_accepted'
  if (text === undefined) return 'required'
  return canonical === null ? 'invalid' : null
}

/** Whom a login or a request for a message names; `null` when nobody can have such an identifier. */
export function readIdentifier(ctx: Context, text: string): Identifier | null {
  const kind: IdentifierKind = text.includes('@') ? 'email' : 'username'
  if (!ctx.settings.identifiers.includes(kind)) return null
  // Reserved names count here: the application itself may have given them out.
  const value = readers[kind](text, true)
  return value === null ? null : { kind, value }
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
  if (!USERNAME.test(name) || LIKE_A_PHONE.test(name)) return null
  return RESERVED.has(name) && !trusted ? null : name
}
