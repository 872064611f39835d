import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argon2Hasher } from '../src/crypto/argon2.ts'
import { type BoundedQueue, boundedQueue } from '../src/crypto/bounded-queue.ts'

const cost = { memory: 8, passes: 1 }
const foreign = { firebaseScrypt: null, report() {} }
const SALT = 'c29tZXNhbHRzb21lc2FsdA'
const TAG = 'nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'

function hasherOf(memory = cost.memory, passes = cost.passes) {
  return argon2Hasher({ memory, passes }, boundedQueue(2, 1000), foreign)
}

/** A queue that knows how much work it was given. */
function countingQueue() {
  let count = 0
  const queue: BoundedQueue = (work) => {
    count += 1
    return work()
  }
  return { queue, count: () => count }
}

describe('argon2id', () => {
  // The reference implementation's own vectors for version 19: phc-winner-argon2, src/test.c.
  it.each([
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc',
  ])('S007 knows the password of %s', async (stored) => {
    const hasher = hasherOf()
    expect(await hasher.verify(stored, 'password')).toMatchObject({ valid: true, unusable: false })
    expect(await hasher.verify(stored, 'passwore')).toMatchObject({ valid: false, unusable: false })
  })

  it('S007 writes its cost, a salt of 16 bytes and a tag of 32 into a PHC string', async () => {
    const hash = await hasherOf(19_456, 2).hash('a password')
    expect(hash).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    )
  })

  it('S007 makes another hash of the same password each time, and knows them all', async () => {
    const hasher = hasherOf()
    const hashes = await Promise.all(Array.from({ length: 20 }, () => hasher.hash('same')))
    expect(new Set(hashes).size).toBe(20)
    const verdicts = await Promise.all(hashes.map((hash) => hasher.verify(hash, 'same')))
    expect(verdicts.every(({ valid }) => valid)).toBe(true)
  })

  it('S002 S005 looks at every character, behind bytes 72 and 255 and behind a NUL too', async () => {
    const hasher = hasherOf()
    const password = `${'x'.repeat(72)}y${'x'.repeat(200)}\0tail`
    const hash = await hasher.hash(password)
    expect((await hasher.verify(hash, password)).valid).toBe(true)
    for (const other of [password.slice(0, 72), password.replace('y', 'z'), `${password}!`]) {
      expect((await hasher.verify(hash, other)).valid).toBe(false)
    }
    expect((await hasher.verify(hash, password.replace('\0tail', ''))).valid).toBe(false)
  })
})

describe('a stored hash', () => {
  it('S008 is outdated when it was made with less memory or fewer passes', async () => {
    const hash = await hasherOf(16, 2).hash('old')
    const outdated = async (memory: number, passes: number) =>
      (await hasherOf(memory, passes).verify(hash, 'old')).outdated
    expect(await outdated(16, 2)).toBe(false)
    expect(await outdated(8, 1)).toBe(false)
    expect(await outdated(17, 2)).toBe(true)
    expect(await outdated(16, 3)).toBe(true)
  })

  it.each([
    ['beyond all memory', `$argon2id$v=19$m=99999999,t=2,p=1$${SALT}$${TAG}`],
    ['just over the memory', `$argon2id$v=19$m=262145,t=1,p=1$${SALT}$${TAG}`],
    ['too many passes', `$argon2id$v=19$m=8,t=11,p=1$${SALT}$${TAG}`],
    ['too many lanes', `$argon2id$v=19$m=72,t=1,p=9$${SALT}$${TAG}`],
    ['too little memory for its lanes', `$argon2id$v=19$m=8,t=1,p=2$${SALT}$${TAG}`],
    ['no memory', `$argon2id$v=19$m=0,t=1,p=1$${SALT}$${TAG}`],
    ['an unknown variant', `$argon2ds$v=19$m=8,t=1,p=1$${SALT}$${TAG}`],
    ['an unknown version', `$argon2id$v=20$m=8,t=1,p=1$${SALT}$${TAG}`],
    ['a line break behind', `$argon2id$v=19$m=8,t=1,p=1$${SALT}$${TAG}\n`],
    ['garbage', 'garbage'],
    ['nothing', ''],
    ['a salt that is no base64', `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(13)}$${TAG}`],
    ['a tag that is no base64', `$argon2id$v=19$m=8,t=1,p=1$${SALT}$${'A'.repeat(17)}`],
    ['stray bits behind the salt', `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(21)}B$${TAG}`],
    ['stray bits behind the tag', `$argon2id$v=19$m=8,t=1,p=1$${SALT}$${'A'.repeat(42)}B`],
  ])('S009 with %s is an ordinary refusal', async (_what, stored) => {
    const verdict = { valid: false, outdated: false, unusable: true }
    expect(await hasherOf().verify(stored, 'anything')).toEqual(verdict)
  })

  it('S009 may cost as much as the budget says', async () => {
    const stored = `$argon2id$v=19$m=262144,t=1,p=8$${SALT}$${TAG}`
    expect(await hasherOf().verify(stored, 'anything')).toMatchObject({ unusable: false })
  })

  it('S009 is never an exception, whatever stands in the store', async () => {
    const base64 = (minLength: number) =>
      fc.string({ unit: fc.constantFrom(...'AZaz09+/Bw'), minLength, maxLength: 90 })
    const nearly = fc
      .tuple(base64(9), base64(14))
      .map(([salt, tag]) => `$argon2id$v=19$m=8,t=1,p=1$${salt}$${tag}`)
    const hasher = hasherOf()
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.string({ unit: 'binary' })), async (stored) => {
        expect((await hasher.verify(stored, 'anything')).valid).toBe(false)
      }),
    )
  })
})

describe('the work of a verification', () => {
  it('S024 is one hash, with and without something to verify', async () => {
    const { queue, count } = countingQueue()
    const hasher = argon2Hasher(cost, queue, foreign)
    const stored = await hasher.hash('right')
    const before = count()
    for (const hash of [stored, null, 'garbage']) await hasher.verify(hash, 'wrong')
    await hasher.verify(stored, 'right')
    expect(count() - before).toBe(4)
  })

  it('S024 finds no password for an absent hash, the empty one included', async () => {
    const verdict = { valid: false, outdated: false, unusable: false }
    for (const password of ['', 'anything']) {
      expect(await hasherOf().verify(null, password)).toEqual(verdict)
    }
  })

  it('S010 waits in the queue, and is refused when that is full', async () => {
    const hasher = argon2Hasher({ memory: 16_384, passes: 2 }, boundedQueue(1, 1), foreign)
    const work = [hasher.hash('one'), hasher.verify(null, 'two'), hasher.hash('three')]
    const [first, second, third] = await Promise.allSettled(work)
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(third).toMatchObject({ reason: { code: 'overloaded', retryAfter: 1 } })
  })
})
