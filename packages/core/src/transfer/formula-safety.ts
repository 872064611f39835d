/**
 * What a spreadsheet takes for the beginning of a formula (S095), also behind white space, which some take away. Behind
 * apostrophes too, for else {@link withoutApostrophe} could not tell ours from one that was there before.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: U+0000 is one of the characters
const FORMULA = /^'*(?:[\t\r\n\u0000]|[\s\u0000]*[=+\-@＝＋－＠])/

/** The text as a cell that no spreadsheet runs: with an apostrophe in front of what would be a formula. */
export function withApostrophe(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}

/** The text of which {@link withApostrophe} made this cell. */
export function withoutApostrophe(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell
}
