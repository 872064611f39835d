import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { at, aUser } from '../../../packages/core/src/testing/store/records.ts'
import { lmdbStore } from '../src/lmdb-store.ts'
import { newFile } from './support/files.ts'
import { startStore } from './support/store-processes.ts'

describe('a store whose file cannot grow', { timeout: 30_000 }, () => {
  it('rejects what does not fit, keeps what it has, and goes on once there is room', async () => {
    const path = newFile()
    const { call, callAll } = await startStore(path, 'ulimit -f 600')
    const users = Array.from({ length: 100 }, () => aUser({ profile: { text: 'a'.repeat(9000) } }))
    const codes: string[] = []
    for (let done = 0; done < users.length; done += 10) {
      const lot = users.slice(done, done + 10)
      const answers = await callAll(lot.map((user) => ({ verb: 'users.insert', input: [user] })))
      codes.push(...answers.map(({ code }) => code))
    }
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('ok'))
    expect(codes.slice(-10)).toEqual(Array(10).fill('unavailable'))

    const expected = users.map((user, index) => (codes[index] === 'ok' ? user : null))
    const found = await callAll(users.map(({ id }) => ({ verb: 'users.find', input: [id] })))
    expect(found.map(({ value }) => value)).toEqual(expected)

    const unlimited = lmdbStore({ path })
    onTestFinished(unlimited.close)
    expect(await Promise.all(users.map(({ id }) => unlimited.users.find(id)))).toEqual(expected)
    const [refused = expect.unreachable()] = users.slice(-1)
    await unlimited.users.insert(refused)
    expect((await call('users.find', refused.id)).value).toEqual(refused)
  })
})

describe('a file that cannot be the database', () => {
  it.each([
    ['is something else', 'paper boats '.repeat(1000), 'is not an LMDB database'],
    ['is hardly begun', 'x', 'is not an LMDB database'],
  ])('refuses one that %s, and leaves it as it is', (_, content, words) => {
    const path = newFile()
    writeFileSync(path, content)
    expect(() => lmdbStore({ path })).toThrow(`${path} ${words}`)
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  it('refuses a folder, and a file in a folder that is missing', () => {
    const path = newFile()
    expect(() => lmdbStore({ path: dirname(path) })).toThrow('EISDIR')
    expect(() => lmdbStore({ path: `${path}/accounts.db` })).toThrow('ENOENT')
  })
})

describe('a store that is closed', () => {
  it('rejects every verb, and may be closed again', async () => {
    const store = lmdbStore({ path: newFile() })
    await store.users.insert(aUser())
    await store.close()
    await store.close()
    await expect(store.ready()).rejects.toThrow('closed')
    await expect(store.users.find('abc')).rejects.toThrow('closed')
    await expect(store.users.insert(aUser())).rejects.toThrow('closed')
    await expect(
      store.prune({ now: at(0), endedBefore: at(0), pendingBefore: at(0), eventsBefore: at(0) }),
    ).rejects.toThrow('closed')
  })
})
