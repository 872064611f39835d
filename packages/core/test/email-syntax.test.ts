import { describe, expect, it } from 'vitest'
import { canonicalEmail } from '../src/identifiers.ts'

describe('an e-mail address', () => {
  // What is wrong, as the isemail project names it, and an address in which it is.
  it.each([
    ['no domain', 'ada.example.org'],
    ['no domain', 'ada@'],
    ['no local part', '@'],
    ['no local part', '@example.org'],
    ['dots in a row', 'ada@example..org'],
    ['a dot at the start', 'ada@.example.org'],
    ['a dot at the end', 'ada@example.org.'],
    ['a hyphen at the start', 'ada@-example.org'],
    ['a hyphen at the end', 'ada@example.org-'],
    ['an unexpected character', 'ada\\@ada@example.org'],
    ['an unexpected character', 'ada"ada"@example.org'],
    ['an unexpected character', 'ada@a[192.0.2.1]'],
    ['an unexpected character', '\x07@example.org'],
    ['a quotation that does not end', '"ada@example.org'],
    ['a quotation that does not end', '"ada\\"@example.org'],
    ['text after a quotation', '"ada"ada@example.org'],
    ['quotation marks in a quotation', '"ada""ada"@example.org'],
    ['U+0000 in a quotation', '"ada\0"@example.org'],
    ['a line feed in a quotation', '"\n"@example.org'],
    ['a quoted pair that is none', '"ada\\\u00a9"@example.org'],
    ['a comment that does not end', '((comment)ada@example.org'],
    ['a comment that does not end', 'ada@(example.org'],
    ['a comment that does not end', 'ada@example.org(comment\\)'],
    ['text after a comment', 'ada(comment)ada@example.org'],
    ['a line feed in a comment', '(\n)ada@example.org'],
    ['a literal that does not end', 'ada@[192.0.2.1'],
    ['a literal that does not end', 'ada@[literal\\]'],
    ['text after a literal', 'ada@[literal]text]'],
    ['a bracket in a literal', 'ada@[literal[text]'],
    ['a backslash at the end', 'ada@[literal\\'],
    ['a carriage return alone', 'ada@example.org\r'],
    ['a carriage return alone', '\rada@example.org'],
    ['a fold without space', '\r\nada@example.org'],
    ['a fold without space', 'ada@example.org \r\n'],
    ['two folds in a row', ' \r\n\r\n ada@example.org'],
  ])('S015 with %s is none: %j', (_, text) => {
    expect(canonicalEmail(text)).toBeNull()
  })
})
