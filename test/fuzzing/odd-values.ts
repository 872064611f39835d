import fc from 'fast-check'

/** Texts with which programs have had trouble. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udc00b',
  '\ufeff',
  '\u202ea',
  '\u2028',
  'a\r\nSet-Cookie: a=b',
  '\u001b[2J',
  '%00',
  '%ff',
  '../..',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '9007199254740993',
  "' or '1'='1",
  "'; drop table users; --",
  '<script>',
  'İ',
  'ﬀ',
  '\u212a',
  '😀'.repeat(64),
  '00000000-0000-0000-0000-000000000000',
  'a@b',
  '@',
  'x'.repeat(256),
  'x'.repeat(5000),
  '@'.repeat(5000),
  'a\u0301'.repeat(2000),
]

/** Names of members that no schema has, or that are something in JavaScript. */
export const oddNames: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '',
  '0',
  '$ne',
  'a.b',
  'a[b]',
  '~/~0',
  '\u0000',
  '\ud800',
  'roles',
  'userId',
  'status',
  'passwordHash',
  'x'.repeat(5000),
]

/** The text of JSON values that no schema asks for. */
const oddJsonTexts: readonly string[] = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '""',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '["a","b"]',
  '{"$ne":null}',
  '{"$gt":""}',
  '{"length":1e9}',
  '{"__proto__":{"roles":["admin"]}}',
  '{"constructor":{"prototype":{"roles":["admin"]}}}',
  '{"toString":null}',
  '{"toJSON":"a"}',
  '{"then":"a"}',
  '"\\ud800"',
  '"\\u0000"',
  '"\\u2028"',
  `${'['.repeat(7000)}${']'.repeat(7000)}`,
  `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`,
  `[${'0,'.repeat(7000)}0]`,
  '9'.repeat(5000),
]

/** Any text, the odd ones more often than others. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
)

/** A name for a member. */
export const anyName: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...oddNames), anyText)

/** The text of any JSON value. */
export const anyJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...oddJsonTexts),
  anyText.map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 3, stringUnit: 'binary' }),
)
