/** The text as one line of bounded length that nothing in it can break up, hide or turn around (S117). */
export function oneLine(text: string, maxLength: number): string {
  // Cut first: what is cut may leave half a character.
  return text
    .slice(0, maxLength)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
}
