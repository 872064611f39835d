import { expect, it, onTestFinished } from 'vitest'
import { usersWhere } from '../../../packages/core/src/testing/queries.ts'
import { at, aUser, idNumber } from '../../../packages/core/src/testing/store/records.ts'
import { bytesOf, compareKeys } from '../src/key.ts'
import { lmdbStore } from '../src/lmdb-store.ts'
import { newFile } from './support/files.ts'

/** In the order of their bytes in UTF-8. */
const TEXTS = [
  ...['', '\0', '\0\0', '\0a', '\u0001', '\u0001\u0001', '\u0001a', '\u0002', '\t', '\u001f', ' '],
  ...['!', '"', '0', 'A', '\\', 'a', 'a\0', 'a\u0001', 'a ', 'aa', '\u007f', '\u0080', '\u00e5'],
  ...['\u07ff', '\u0800', '\ud7ff', '\ue000', '\ufffd', '\uffff', '\u{10000}', '\u{10ffff}'],
]

it('text compares as its bytes do, and dates by time', () => {
  const keys = TEXTS.map((text) => ['email', text])
  expect(keys.toReversed().sort(compareKeys)).toEqual(keys)
  const moments = [0, 9, 10, 1e3, 2e12, 253_402_300_799_999].map((ms) => ['all', new Date(ms)])
  expect(moments.toReversed().sort(compareKeys)).toEqual(moments)
})

it('what follows compares only where what is before is the same', () => {
  const keys = TEXTS.flatMap((text) => ['a', 'b'].map((id) => ['role', text, id]))
  expect(keys.toReversed().sort(compareKeys)).toEqual(keys)
})

it('no two keys are the same bytes, be it halves of characters', () => {
  const texts = [...TEXTS, '\ud800', '\udbff', '\udc00', '\ud800\ud800', '\u0001d800', 'd800']
  const keys = [...texts.map((text) => [text]), ...texts.flatMap((a) => texts.map((b) => [a, b]))]
  expect(new Set(keys.map((key) => bytesOf(key).toString('hex'))).size).toBe(keys.length)
})

it('text that is too long for a key finds nothing, and is a place nevertheless', async () => {
  const store = lmdbStore({ path: newFile() })
  onTestFinished(store.close)
  const users = ['a', 'c'].map((email, n) => aUser({ id: idNumber(n), email }))
  for (const user of users) await store.users.insert(user)
  const long = 'b'.repeat(5000)
  expect(await store.users.find(long)).toBeNull()
  expect(await store.users.findByIdentifier({ kind: 'email', value: long })).toBeNull()
  const list = (query: Parameters<typeof usersWhere>[0]) => store.users.list(usersWhere(query))
  expect(await list({ prefix: long })).toEqual([])
  expect(await list({ role: long })).toEqual([])
  const after = { value: long, id: idNumber(0) }
  expect(await list({ sort: 'email', after })).toEqual(users.slice(1))
  expect(await list({ sort: 'email', order: 'descending', after })).toEqual(users.slice(0, 1))
  const late = { value: at(1), id: long }
  expect(await list({ after: late })).toEqual([])
  expect(await list({ order: 'descending', after: late })).toEqual(users.toReversed())
})
