import type { Language } from './language.ts'

/** The language of that locale, or of what is left of it from the right (RFC 4647, section 3.4); else the first one. */
export function languageFor(
  languages: readonly [Language, ...Language[]],
  wanted: unknown,
): Language {
  let range = typeof wanted === 'string' ? wanted.toLowerCase() : ''
  while (range !== '') {
    const found = languages.find(({ locale }) => locale.toLowerCase() === range)
    if (found !== undefined) return found
    range = range.slice(0, Math.max(0, range.lastIndexOf('-')))
  }
  return languages[0]
}
