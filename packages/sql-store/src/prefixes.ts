import type { Range } from './pages.ts'

const LAST = 0x10_ffff
// What would be half a character is none.
const SURROGATES = { first: 0xd800, last: 0xdfff }

/** The texts that begin with the prefix: text is in the order of its characters, as it is in that of its bytes in UTF-8. */
export function rangeOf(prefix: string): Range<string> {
  const characters = [...prefix]
  while (characters.length > 0) {
    const code = characters.pop()?.codePointAt(0) ?? LAST
    if (code < LAST) {
      const next = code + 1 === SURROGATES.first ? SURROGATES.last + 1 : code + 1
      return { from: prefix, before: characters.join('') + String.fromCodePoint(next) }
    }
  }
  return { from: prefix, before: null }
}
