import { ReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import { BackupError } from './backup-error.ts'

// NIST SP 800-63B-4, section 3.1.1.2: what is guarded by a password alone wants one of 15 characters.
const MIN_PASSPHRASE = 15

// As of the program `age`: OWASP's Password Storage Cheat Sheet asks for 2^17 where somebody waits for a login.
const WORK_FACTOR = 18
const MAX_WORK_FACTOR = 22

/** What guards a backup. */
export interface Guard {
  readonly passphrase: string
  readonly workFactor?: number | undefined
}

/**
 * Encrypts with a key that scrypt derives from the passphrase: an age file (age-encryption.org/v1), which the program
 * `age` can read too.
 */
export async function seal(
  { passphrase, workFactor = WORK_FACTOR }: Guard,
  plain: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(checkPassphrase(passphrase))
  encrypter.setScryptWorkFactor(checkWorkFactor(workFactor))
  return (await encrypter.encrypt(ReadableStream.from(plain))).values()
}

/** Decrypts what {@link seal} or the program `age` made. Each piece is authentic; so is, when it comes, the end. */
export async function* unseal(
  passphrase: string,
  sealed: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const source = ReadableStream.from(sealed)
  const plain = await decrypter.decrypt(source).catch((cause: unknown) => {
    throw refusalOf(cause)
  })
  try {
    yield* plain
  } catch (cause) {
    throw new BackupError('damaged', 'the backup is damaged or breaks off', cause)
  }
}

function checkPassphrase(passphrase: string): string {
  if (typeof passphrase === 'string' && [...passphrase].length >= MIN_PASSPHRASE) return passphrase
  throw new BackupError(
    'weak_passphrase',
    `the passphrase must have at least ${MIN_PASSPHRASE} characters: it guards the hashes of all passwords`,
  )
}

function checkWorkFactor(workFactor: number): number {
  if (Number.isInteger(workFactor) && workFactor >= 1 && workFactor <= MAX_WORK_FACTOR) {
    return workFactor
  }
  throw new RangeError(`workFactor: give a whole number from 1 to ${MAX_WORK_FACTOR}`)
}

function refusalOf(cause: unknown): BackupError {
  const isSealed = cause instanceof Error && /no identity matched/i.test(cause.message)
  return isSealed
    ? new BackupError('wrong_passphrase', 'the passphrase is wrong', cause)
    : new BackupError(
        'not_a_backup',
        'this is no backup: it is not an age file with a passphrase',
        cause,
      )
}
