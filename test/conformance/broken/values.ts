import { type BrokenStore, broken } from './broken-store.ts'
import { type Change, deep, inJson, mapped, ofDate, ofNumber, ofObject, ofText } from './mapped.ts'

const TEXT = 'text is given back as it was'
const LONG = 'long text is given back as it was'
const JSON_VALUES = 'JSON is given back as it was'
const DATE = 'a date is given back to the millisecond'
const NUMBER = 'numbers have room'
const SECOND = 1000
const HOUR = 3600 * SECOND
const MAX_INT = 2 ** 31 - 1

const CHANGED_IN: readonly [string, string, Change][] = [
  [
    'keeps dates to the second',
    `${DATE} > users: a moment that no binary fraction of a second hits`,
    ofDate((time) => time - (time % SECOND)),
  ],
  [
    'keeps dates as seconds with single precision',
    `${DATE} > sessions: a moment that no binary fraction of a second hits`,
    ofDate((time) => Math.fround(time / SECOND) * SECOND),
  ],
  [
    'keeps dates in 32 bit',
    `${DATE} > one-time tokens: the second after the last of 32 bit`,
    ofDate((time) => Math.min(time, MAX_INT * SECOND)),
  ],
  [
    'knows no year after 2100',
    `${DATE} > events: the last millisecond of the year 9999`,
    ofDate((time) => Math.min(time, Date.UTC(2100, 0))),
  ],
  [
    'takes the first moment of 1970 for no date',
    `${DATE} > users: the first moment of 1970`,
    ofDate((time) => (time === 0 ? null : time)),
  ],
  [
    'keeps dates in a local time with an hour that comes twice',
    `${DATE} > users: the second of an hour that clocks in Europe show twice`,
    ofDate((time) => (inHour(time, '2030-10-27T01') ? time - HOUR : time)),
  ],
  [
    'takes dates for a local time with an hour that is skipped',
    `${DATE} > users: an hour that clocks in Europe skip`,
    ofDate((time) => (inHour(time, '2030-03-31T02') ? time + HOUR : time)),
  ],
  [
    'keeps numbers in 16 bit',
    `${NUMBER} > users: the number ${MAX_INT}`,
    ofNumber((number) => Math.min(number, 2 ** 15 - 1)),
  ],
  [
    'keeps numbers with single precision',
    `${NUMBER} > one-time tokens: the number ${MAX_INT}`,
    ofNumber(Math.fround),
  ],
  [
    'keeps the time of a superseded generation in 32 bit',
    'sessions.rotate > writes a plain rotation and leaves the rest',
    ofNumber((number) => Math.min(number, MAX_INT)),
  ],
  [
    'cuts text after 255 characters',
    `${LONG} > sessions: 1000 characters of what a browser says of itself`,
    ofText((text) => text.slice(0, 255)),
  ],
  [
    'cuts JSON',
    `${LONG} > users: 10,000 characters of JSON`,
    inJson(ofText((text) => text.slice(0, 8000))),
  ],
  [
    'sorts the lists in JSON',
    `${JSON_VALUES} > users: awkward keys and values`,
    inJson((value) => (Array.isArray(value) ? value.toSorted() : value)),
  ],
  [
    'drops keys that begin with a dollar sign',
    `${JSON_VALUES} > users: awkward keys and values`,
    inJson(ofObject((entries) => entries.filter(([key]) => !key.startsWith('$')))),
  ],
  [
    'copies JSON by assignment, and loses __proto__',
    `${JSON_VALUES} > one-time tokens: awkward keys and values`,
    inJson(ofObject((entries) => entries.filter(([key]) => key !== '__proto__'))),
  ],
  [
    'has keys in JSON in one case only',
    `${JSON_VALUES} > events: awkward keys and values`,
    inJson(ofObject((entries) => entries.map(([key, value]) => [key.toLowerCase(), value]))),
  ],
  [
    'drops what is empty in JSON',
    `${JSON_VALUES} > users: awkward keys and values`,
    inJson(ofObject((all) => all.filter(([, value]) => JSON.stringify(value) !== '{}'))),
  ],
  [
    'reads dates in JSON',
    `${TEXT} > events: the text of a date`,
    inJson(ofText((text) => (/^\d{4}-.*Z$/.test(text) ? new Date(text) : text))),
  ],
  [
    'takes an empty profile for none',
    `${JSON_VALUES} > users: nothing`,
    ofObject((all) => all.map(([key, value]) => [key, isEmptyProfile(key, value) ? null : value])),
  ],
  [
    'keeps roles as a set',
    `${TEXT} > users: letters of four bytes`,
    ofObject((all) => all.map(([key, value]) => [key, key === 'roles' ? unique(value) : value])),
  ],
]

const CHANGED_OUT: readonly [string, string, Change][] = [
  [
    'leaves out members that are null',
    'users.insert and users.find > give back null for every member that has no value',
    ofObject((entries) => entries.filter(([, value]) => value !== null)),
  ],
  [
    'gives members of its own',
    'users.insert and users.find > give back every member as it was, and no other',
    ofObject((entries) => [...entries, ['changedAt', null]]),
  ],
  [
    'gives 1 and 0 for true and false',
    'users.insert and users.find > give back every member as it was, and no other',
    (value) => (typeof value === 'boolean' ? Number(value) : value),
  ],
  [
    'gives dates as text',
    'sessions.insert and sessions.find > give back every member as it was, and no other, with the user',
    (value) => (value instanceof Date ? value.toISOString() : value),
  ],
  [
    'gives big integers',
    `${NUMBER} > users: the number ${MAX_INT}`,
    ofNumber((number) => (number === MAX_INT ? BigInt(number) : number)),
  ],
  [
    'gives rows that are no plain objects',
    'oneTimeTokens.put and oneTimeTokens.find > give back every member as it was, and no other',
    (value) => (isRow(value) ? Object.assign(Object.create(null), value) : value),
  ],
]

export const brokenValues: readonly BrokenStore[] = [
  ...CHANGED_IN.map(([fault, guarantee, change]) => broken(fault, guarantee, mapped(change))),
  ...CHANGED_OUT.map(([fault, guarantee, change]) =>
    broken(
      fault,
      guarantee,
      mapped(
        (value) => value,
        (answer) => deep(answer, change),
      ),
    ),
  ),
]

function inHour(time: number, hour: string): boolean {
  return new Date(time).toISOString().startsWith(hour)
}

function isEmptyProfile(key: string, value: unknown): boolean {
  return key === 'profile' && JSON.stringify(value) === '{}'
}

function unique(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(value)] : value
}

function isRow(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'expiresAt' in value
}
