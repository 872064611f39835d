import { type BrokenStore, broken } from './broken-store.ts'
import { type Change, mapped, ofText } from './mapped.ts'

const TEXT = 'text is given back as it was'

const CHANGES: readonly [string, string, Change][] = [
  ['trims text', `${TEXT} > users: white space at both ends`, ofText((text) => text.trimEnd())],
  [
    'takes empty text for none',
    `${TEXT} > users: the empty string`,
    ofText((text) => text || null),
  ],
  [
    'keeps text in characters of three bytes',
    `${TEXT} > sessions: letters of four bytes`,
    ofText((text) => text.replace(/[^\0-\uffff]/gu, '?')),
  ],
  [
    'keeps text in Latin-1',
    `${TEXT} > events: right-to-left text`,
    ofText((text) => text.replace(/[^\0-\u00ff]/gu, '?')),
  ],
  [
    'composes text',
    `${TEXT} > one-time tokens: combining marks`,
    ofText((text) => text.normalize('NFC')),
  ],
  [
    'decomposes text',
    `${TEXT} > one-time tokens: composed letters`,
    ofText((text) => text.normalize('NFD')),
  ],
  [
    'normalises text for compatibility',
    `${TEXT} > users: compatibility forms`,
    ofText((text) => text.normalize('NFKC')),
  ],
  [
    'reads escapes in text',
    `${TEXT} > sessions: backslashes`,
    ofText((text) => text.replace(/\\(.)/g, '$1')),
  ],
  [
    'doubles quotes in text',
    `${TEXT} > events: SQL metacharacters`,
    ofText((text) => text.replaceAll("'", "''")),
  ],
  [
    'fills in what looks like a parameter',
    `${TEXT} > users: placeholders`,
    ofText((text) => text.replace(/\$\d|\?|:\w+/g, 'NULL')),
  ],
  [
    'escapes wildcards in text',
    `${TEXT} > one-time tokens: LIKE wildcards`,
    ofText((text) => text.replace(/[%_]/g, '\\$&')),
  ],
  [
    'refuses text that begins like an operator',
    `${TEXT} > users: a query operator`,
    ofText((text) => (text.startsWith('$ne') ? '' : text)),
  ],
  [
    'has one way to end a line',
    `${TEXT} > sessions: line breaks`,
    ofText((text) => text.replace(/\r\n?/g, '\n')),
  ],
  [
    'drops control characters',
    `${TEXT} > sessions: control characters`,
    ofText((text) => text.replace(/[\p{Cc}]/gu, '')),
  ],
  [
    'drops a byte order mark',
    `${TEXT} > events: a byte order mark`,
    ofText((text) => text.replace(/^\ufeff/, '')),
  ],
  [
    'takes the text null for none',
    `${TEXT} > users: the text null`,
    ofText((text) => (text === 'null' ? null : text)),
  ],
  [
    'keeps the text of a number as a number',
    `${TEXT} > sessions: the text of a number`,
    ofText((text) => (text === '0123' ? Number(text) : text)),
  ],
  [
    'reads the text of an object',
    `${TEXT} > one-time tokens: the text of an object`,
    ofText((text) => (text.startsWith('{"') ? JSON.parse(text) : text)),
  ],
]

export const brokenTexts: readonly BrokenStore[] = CHANGES.map(([fault, guarantee, change]) =>
  broken(fault, guarantee, mapped(change)),
)
