import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argon2Hasher } from '../src/crypto/argon2.ts'
import { type BoundedQueue, boundedQueue } from '../src/crypto/bounded-queue.ts'
import { isVerifiable } from '../src/crypto/foreign-hashes.ts'
import {
  argon2idVectors,
  cheapVectors,
  defaultVectors,
  firebaseVector,
  LONG_BCRYPT_SHA256,
  LONGEST_BCRYPT,
  SAMPLE_PROJECT,
} from './support/password-hashes.ts'

const UNUSABLE = { valid: false, outdated: false, unusable: true }
const cost = { memory: 8, passes: 1 }
const firebaseScrypt = {
  ...SAMPLE_PROJECT,
  signerKey: Buffer.from(SAMPLE_PROJECT.signerKey, 'base64'),
  saltSeparator: Buffer.from(SAMPLE_PROJECT.saltSeparator, 'base64'),
}

const SALT = 'c29tZXNhbHRzb21lc2FsdA'
const BCRYPT = 'N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const HEX = 'ab'.repeat(32)
const SCRYPT_HEX = 'ab'.repeat(64)
const PHC_TAG = 'nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
const FIREBASE = firebaseVector.hash.split('$')[2]

const anyPassword = fc.string({ unit: 'binary', maxLength: 100 })
const anyCharacter = fc.oneof(
  fc.constantFrom('', ...'$:,=+/.-_0123456789abyidvmtpr', '\n'),
  fc.string({ unit: 'binary', maxLength: 2 }),
)

function hasherOn(queue: BoundedQueue) {
  const reports: string[] = []
  const report = (_error: unknown, what: string) => void reports.push(what)
  return { ...argon2Hasher(cost, queue, { firebaseScrypt, report }), reports }
}

const hasher = hasherOn(boundedQueue(2, 1000))
// bcrypt, PBKDF2, scrypt, argon2.
const oneOfEach = [0, 1, 3, 6].flatMap((index) => defaultVectors[index] ?? [])
const every = [...cheapVectors, firebaseVector, ...defaultVectors]

describe('a hash of another system', () => {
  it.each(every)('S008 is verified, and outdated: $hash by $maker', async ({ password, hash }) => {
    const verdict = { outdated: true, unusable: false }
    expect(await hasher.verify(hash, password)).toEqual({ ...verdict, valid: true })
    expect(await hasher.verify(hash, `${password}.`)).toEqual({ ...verdict, valid: false })
    expect(isVerifiable(hash)).toBe(true)
  })

  it.each(argon2idVectors)(
    'S008 is outdated only if it is weaker: $hash by $maker',
    async (vector) => {
      const verdict = await hasher.verify(vector.hash, vector.password)
      expect(verdict).toEqual({ valid: true, outdated: false, unusable: false })
    },
  )

  it('S008 by bcrypt has no password of more than 72 bytes, whatever it begins with', async () => {
    const longest = 'é'.repeat(36)
    expect(await hasher.verify(LONGEST_BCRYPT, longest)).toMatchObject({ valid: true })
    for (const longer of [`${longest}x`, 'é'.repeat(100)]) {
      const verdict = await hasher.verify(LONGEST_BCRYPT, longer)
      expect(verdict).toEqual({ valid: false, outdated: true, unusable: false })
    }
    expect((await hasher.verify(LONGEST_BCRYPT, 'é'.repeat(35))).valid).toBe(false)
  })

  it('S008 by Django may be of a longer one, since bcrypt is given its digest', async () => {
    expect((await hasher.verify(LONG_BCRYPT_SHA256, 'é'.repeat(100))).valid).toBe(true)
    expect((await hasher.verify(LONG_BCRYPT_SHA256, 'é'.repeat(99))).valid).toBe(false)
  })

  it('is not of Firebase if the project is another', async () => {
    const { password, hash } = firebaseVector
    for (const other of [
      { signerKey: Buffer.alloc(64, 1) },
      { saltSeparator: Buffer.from('x') },
      { rounds: 7 },
      { memCost: 13 },
    ]) {
      const foreign = { firebaseScrypt: { ...firebaseScrypt, ...other }, report() {} }
      const verdict = await argon2Hasher(cost, boundedQueue(1, 1), foreign).verify(hash, password)
      expect(verdict).toEqual({ valid: false, outdated: true, unusable: false })
    }
  })

  it('may be of Firebase in base64url, as its programs have it', async () => {
    const { password, hash } = firebaseVector
    const inBase64url = hash.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    expect(inBase64url).not.toBe(hash)
    expect((await hasher.verify(inBase64url, password)).valid).toBe(true)
  })
})

describe('the work of a verification', () => {
  it.each(cheapVectors)('S010 waits in the queue, once, for $hash by $maker', async ({ hash }) => {
    const { promise: free, resolve } = Promise.withResolvers<void>()
    let waiting = 0
    const { verify } = hasherOn(async (work) => {
      waiting += 1
      await free
      return work()
    })
    const verdict = verify(hash, 'anything')
    await new Promise((turn) => setImmediate(turn))
    expect(waiting).toBe(1)
    resolve()
    expect(await verdict).toMatchObject({ valid: false, unusable: false })
  })

  it.each(oneOfEach)('S010 leaves the event loop alone, for $hash by $maker', async ({ hash }) => {
    await hasher.verify(hash, 'to load what there is to load')
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    await hasher.verify(hash, 'anything')
    clearInterval(timer)
    expect(turns).toBeGreaterThan(2)
  })

  it('S024 is that of one of our own hashes if there is nothing that can be verified', async () => {
    const foreign = { firebaseScrypt: null, report() {} }
    const heavy = argon2Hasher({ memory: 65_536, passes: 3 }, boundedQueue(1, 1), foreign)
    const ours = await heavy.hash('anything')
    // Of the processor, in microseconds: the clock would count what other processes do.
    const work = async (hash: string | null) => {
      const before = process.cpuUsage()
      await heavy.verify(hash, 'another')
      return process.cpuUsage(before).user
    }
    const enough = (await work(ours)) / 3
    for (const hash of [null, 'garbage', `$2b$31$${BCRYPT}`, firebaseVector.hash]) {
      expect(await work(hash)).toBeGreaterThan(enough)
    }
  })
})

describe('a hash over the budget', () => {
  it.each([
    `$2b$15$${BCRYPT}`,
    `$2y$31$${BCRYPT}`,
    `$2a$99$${BCRYPT}`,
    `bcrypt$$2b$15$${BCRYPT}`,
    `bcrypt_sha256$$2b$31$${BCRYPT}`,
    `pbkdf2:sha256:3000001$salt$${HEX}`,
    `pbkdf2:sha256:99999999999999999999$salt$${HEX}`,
    `pbkdf2_sha256$9999999$salt$${PHC_TAG}=`,
    `$pbkdf2-sha256$3000001$${SALT}$${PHC_TAG}`.replaceAll('+', '.'),
    `scrypt:262144:8:2$salt$${SCRYPT_HEX}`,
    `scrypt:524288:8:1$salt$${SCRYPT_HEX}`,
    `scrypt:67108864:8:1$salt$${SCRYPT_HEX}`,
    `scrypt:2:9999:9999$salt$${SCRYPT_HEX}`,
    `scrypt$1048576$salt$8$1$${'A'.repeat(86)}==`,
    `$scrypt$ln=19,r=8,p=1$${SALT}$${PHC_TAG}`,
    `$scrypt$ln=99,r=1,p=1$${SALT}$${PHC_TAG}`,
    `$argon2i$v=19$m=262145,t=1,p=1$${SALT}$${PHC_TAG}`,
    `$argon2d$m=8,t=11,p=1$${SALT}$${PHC_TAG}`,
    `argon2$argon2id$v=19$m=9999999,t=2,p=8$${SALT}$${PHC_TAG}`,
  ])('S009 is refused before any work: %s', async (stored) => {
    expect(await hasher.verify(stored, 'anything')).toEqual(UNUSABLE)
    expect(isVerifiable(stored)).toBe(false)
  })

  it.each([
    `$2b$14$${BCRYPT}`,
    `pbkdf2:sha256:3000000$salt$${HEX}`,
    `scrypt:262144:8:1$salt$${SCRYPT_HEX}`,
    `scrypt:2:9999:104$salt$${SCRYPT_HEX}`,
    `$argon2i$v=19$m=262144,t=2,p=8$${SALT}$${PHC_TAG}`,
  ])(
    'S009 is none that costs just as much as the budget: %s',
    { timeout: 20_000 },
    async (stored) => {
      expect(await hasher.verify(stored, 'anything')).toMatchObject({
        valid: false,
        unusable: false,
      })
    },
  )
})

describe('a hash that is none', () => {
  it.each([
    ['bcrypt with the bug of 2011', `$2x$10$${BCRYPT}`],
    ['bcrypt before it had versions', `$2$10$${BCRYPT}`],
    ['bcrypt below its least cost', `$2b$03$${BCRYPT}`],
    ['bcrypt with one digit of cost', `$2b$5$${BCRYPT}`],
    ['bcrypt cut short', `$2b$10$${BCRYPT.slice(1)}`],
    ['bcrypt with stray bits behind the salt', `$2b$10$${BCRYPT.replace('ZMRZoMye', 'ZMRZoMyf')}`],
    ['bcrypt with stray bits at the end', `$2b$10$${BCRYPT.slice(0, -1)}z`],
    ['bcrypt with a line break', `$2b$10$${BCRYPT}\n`],
    ['Werkzeug without iterations', `pbkdf2:sha256$salt$${HEX}`],
    ['Werkzeug without work', `pbkdf2:sha256:0$salt$${HEX}`],
    ['Werkzeug with md5', `pbkdf2:md5:1000$salt$${'ab'.repeat(16)}`],
    ['Werkzeug without a salt', `pbkdf2:sha256:1000$$${HEX}`],
    ['Werkzeug with a key of another digest', `pbkdf2:sha1:1000$salt$${HEX}`],
    ['Werkzeug in capitals', `pbkdf2:sha256:1000$salt$${HEX.toUpperCase()}`],
    ['Werkzeug with an odd digit', `pbkdf2:sha256:1000$salt$${HEX}a`],
    ['Werkzeug before PBKDF2', `sha256$salt$${HEX}`],
    ['Django without padding', `pbkdf2_sha256$1000$salt$${PHC_TAG}`],
    ['Django with stray bits', `pbkdf2_sha256$1000$salt$${PHC_TAG.slice(0, -1)}5=`],
    ['Django with a key of another digest', `pbkdf2_sha1$1000$salt$${PHC_TAG}=`],
    ['Django without a password', '!pBgOxDgD8Xk5fCmlfBnqTeRqrpKtZtZcVEbsWsdk'],
    ['Django before PBKDF2', 'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99'],
    ['passlib with plus', '$pbkdf2$1000$QSgFQOgdI+QcQyglBECIMQ$AKOl.HDnwi.hhrMNuwcDGZZUfnw'],
    ['passlib with stray bits', '$pbkdf2$1000$QSgFQOgdI.QcQyglBECIMR$AKOl.HDnwi.hhrMNuwcDGZZUfnw'],
    ['scrypt with N that is no power of two', `scrypt:1000:8:1$salt$${SCRYPT_HEX}`],
    ['scrypt with N of 1', `scrypt:1:8:1$salt$${SCRYPT_HEX}`],
    ['scrypt with N beyond what r allows', `scrypt:65536:1:1$salt$${SCRYPT_HEX}`],
    ['scrypt without blocks', `scrypt:1024:0:1$salt$${SCRYPT_HEX}`],
    ['scrypt without lanes', `scrypt:1024:8:0$salt$${SCRYPT_HEX}`],
    ['scrypt with a short key', `scrypt:1024:8:1$salt$${HEX}`],
    ['scrypt of N = 1 in passlib', `$scrypt$ln=0,r=8,p=1$${SALT}$${PHC_TAG}`],
    ['argon2 of another version', `$argon2i$v=18$m=8,t=1,p=1$${SALT}$${PHC_TAG}`],
    ['argon2 of another variant', `$argon2ds$v=19$m=8,t=1,p=1$${SALT}$${PHC_TAG}`],
    ['argon2 with a key id', `$argon2i$v=19$m=8,t=1,p=1,keyid=AAAA$${SALT}$${PHC_TAG}`],
    ['argon2 with a password of Django', `argon2$${SALT}$${PHC_TAG}`],
    ['Firebase without a salt', `firebase-scrypt$$${FIREBASE}`],
    ['Firebase with one character of salt', `firebase-scrypt$A$${FIREBASE}`],
    ['Firebase cut short', `firebase-scrypt$42xEC+ixf3L2lw==$${FIREBASE?.slice(4)}`],
    ['Firebase without a name', `42xEC+ixf3L2lw==$${FIREBASE}`],
    ['a bare digest', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['a password', 'correct horse battery'],
    ['nothing', ''],
    ['very much', `pbkdf2:sha256:1000$${'a'.repeat(1_000_000)}$${HEX}`],
  ])('S009 is an ordinary refusal: %s', async (_what, stored) => {
    expect(await hasher.verify(stored, 'anything')).toEqual(UNUSABLE)
    expect(isVerifiable(stored)).toBe(false)
  })

  it('S009 is never an exception, and never matches, whatever stands in the store', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), anyPassword, async (stored, password) => {
        expect((await hasher.verify(stored, password)).valid).toBe(false)
      }),
    )
  })

  it('S009 is never an exception, and never matches, if a hash was changed', async () => {
    const changed = fc
      .tuple(fc.constantFrom(...cheapVectors, firebaseVector), fc.nat(), fc.nat(2), anyCharacter)
      .map(([{ hash, password }, at, removed, inserted]) => {
        const index = at % (hash.length + 1)
        const stored = hash.slice(0, index) + inserted + hash.slice(index + removed)
        return { hash, password, stored }
      })
      .filter(({ hash, stored }) => meaning(stored) !== meaning(hash))
    await fc.assert(
      fc.asyncProperty(changed, async ({ stored, password }) => {
        expect((await hasher.verify(stored, password)).valid).toBe(false)
      }),
      { numRuns: 500 },
    )
    expect(hasher.reports).toEqual([])
  }, 60_000)
})

/** Two texts of one meaning are one hash: the letters of bcrypt are history, and base64url is base64. */
function meaning(stored: string): string {
  const text = stored.replace(/^(|bcrypt\$|bcrypt_sha256\$)\$2[aby]\$/, '$1$2b$')
  if (!text.startsWith('firebase-scrypt$')) return text
  return text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/=+(?=\$|$)/g, '')
}

describe('a hash that needs what is not there', () => {
  it('is an ordinary refusal, after the decoy, and a report that names it: the project of Firebase', async () => {
    const reports: { message: string; what: string }[] = []
    const { verify } = argon2Hasher(cost, boundedQueue(1, 1), {
      firebaseScrypt: null,
      report: (error, what) => void reports.push({ message: String(error), what }),
    })
    const verdict = await verify(firebaseVector.hash, firebaseVector.password)
    expect(verdict).toMatchObject({ valid: false, unusable: true })
    expect(reports).toEqual([
      {
        message: expect.stringContaining('the option passwords.firebaseScrypt'),
        what: 'verifying a stored hash that needs the option passwords.firebaseScrypt',
      },
    ])
    expect(JSON.stringify(reports)).not.toContain(FIREBASE)
  })
})
