import { createRequire } from 'node:module'
import { ConfigurationError } from './errors.ts'

/** What is used of libphonenumber-js. */
interface PhoneLibrary {
  isSupportedCountry(country: string): boolean
  parsePhoneNumberFromString(
    text: string,
    options: { readonly defaultCountry?: string; readonly extract: false },
  ): PhoneNumber | undefined
}

interface PhoneNumber {
  readonly number: string
  readonly ext?: string
  isValid(): boolean
  /** `undefined` for what belongs to none, such as a satellite. */
  readonly country?: string
  getType(): string | undefined
}

const PACKAGE = 'libphonenumber-js'
// E.164 has at most 15 digits; people write more between them.
const MAX_TYPED = 32
// What somebody may have who is called or gets messages there. The others cost whoever sends to them, and pay whoever
// had that sent: OWASP calls it SMS pumping.
const OWNED = ['MOBILE', 'FIXED_LINE_OR_MOBILE', 'FIXED_LINE', 'VOIP', 'PERSONAL_NUMBER']
// What people write between digits. Digits of other scripts and compatibility forms would be two spellings of one
// number that look like neither (S014); with a letter it is a username, or has an extension (S017).
const PLAIN = /^\+?[0-9(][0-9 ()./-]*[0-9]$/

/**
 * Reads phone numbers as libphonenumber knows them: E.164, `null` for what is no number that a person can have. Throws
 * `ConfigurationError` where the package is not installed, or does not know the country.
 */
export function phoneParser(defaultCountry: string | undefined): (text: string) => string | null {
  const { isSupportedCountry, parsePhoneNumberFromString } = loadLibrary()
  if (defaultCountry !== undefined && !isSupportedCountry(defaultCountry)) {
    const remedy = 'must be a country by its two letters, such as "DE"'
    throw new ConfigurationError('createAuth', 'phones.defaultCountry', remedy)
  }
  const options = {
    extract: false,
    ...(defaultCountry !== undefined && { defaultCountry }),
  } as const
  return (text) => {
    if (text.length > MAX_TYPED || !PLAIN.test(text)) return null
    const parsed = parsePhoneNumberFromString(text, options)
    return parsed !== undefined && isOwned(parsed) ? parsed.number : null
  }
}

function isOwned(phone: PhoneNumber): boolean {
  const { country, ext } = phone
  const isPlain = phone.isValid() && country !== undefined && ext === undefined
  return isPlain && OWNED.includes(phone.getType() ?? '')
}

function loadLibrary(): PhoneLibrary {
  try {
    return createRequire(import.meta.url)(`${PACKAGE}/max`) as PhoneLibrary
  } catch (cause) {
    if (Object(cause).code !== 'MODULE_NOT_FOUND') throw cause
    const remedy = `has "phone", for which the package ${PACKAGE} is not installed: run npm install ${PACKAGE}`
    throw new ConfigurationError('createAuth', 'identifiers', remedy)
  }
}
