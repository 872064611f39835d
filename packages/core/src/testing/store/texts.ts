import type { JsonObject } from '../../records.ts'

/** What careless escaping, encoding, trimming or parsing would change, by what it is. */
export const TEXTS: Readonly<Record<string, string>> = {
  'letters of four bytes': '𝔸𝖉𝒂 💡👩‍👩‍👧',
  'composed letters': '\u00e5da \u00e9 \uac00',
  'combining marks': 'a\u030ada e\u0301 \u1100\u1161',
  'compatibility forms': '\ufb01 \u212b \uff21 \u00b2',
  'right-to-left text': '\u05e9\u05dc\u05d5\u05dd \u202e\u0639\u0627\u0644\u0645\u202c',
  'SQL metacharacters': `'";--/* */ ' OR '1'='1`,
  'LIKE wildcards': '%_[a-z]^*?',
  backslashes: '\\ \\\\ \\n \\u0041 \\',
  placeholders: '$1 ? :a @b #{c} %s {{d}}',
  'a query operator': '$ne',
  'white space at both ends': ' \t ada \u00a0\u3000 ',
  'line breaks': '\na\r\nb\u2028c\r',
  'control characters': '\u0001\u001b[31m\u007f\u0085\u200b',
  'a byte order mark': '\ufeffada',
  'the empty string': '',
  'the text null': 'null',
  'the text of a number': '0123',
  'the text of a date': '2030-01-01T00:00:00.000Z',
  'the text of an object': '{"a":[null]}',
}

/** Any JSON, with keys that a careless copy or a query language takes for its own. Parsed: `__proto__` is a key. */
export const AWKWARD_JSON = JSON.parse(`{
  "": "empty key",
  "$set": { "$ne": null, "a.b": 1, "$": "$" },
  "__proto__": { "polluted": true },
  "constructor": { "prototype": [] },
  "toString": "text",
  "hasOwnProperty": null,
  "id": "not the id",
  "10": "ten",
  "9": "nine",
  "Key": "upper",
  "key": "lower",
  "key ": "trailing space",
  "k\u00e9y": "composed",
  "ke\u0301y": "combining",
  "\\ud83d\\udca1": "\\ud83d\\udca1",
  "order": [3, 1, 2, 1],
  "mixed": [1, "1", true, "true", null, "null", [], {}, [[]], [{}], [null]],
  "nested": { "a": { "b": { "c": { "d": [{ "e": [] }] } } } },
  "empty": {},
  "numbers": [0, -1, 1.5, 0.1, -1e-7, 1e21, 9007199254740991, -9007199254740991, 2147483648],
  "date": "2030-01-01T00:00:00.000Z",
  "quotes": "'\\"\`\\\\"
}`) as JsonObject

/** 1000 characters. */
export const LONG_TEXT = 'Ådas 💡 '.repeat(125)
