/** The cost of an argon2id hash. */
export interface Argon2Cost {
  /** Memory in KiB. */
  readonly memory: number
  readonly passes: number
}

/** The password hash parameters of a Firebase project, as its console shows them, decoded. */
export interface FirebaseScrypt {
  readonly signerKey: Buffer
  readonly saltSeparator: Buffer
  readonly rounds: number
  readonly memCost: number
}

/** A stored hash that was read: well-formed, and within the budget. */
export interface StoredHash {
  /** The cost of an argon2id hash as we write it; `null` for every other form, which is to be made anew. */
  readonly cost: Argon2Cost | null
  /** Throws {@link MissingRequirement} when something must be installed or configured first. */
  matches(password: string, firebaseScrypt: FirebaseScrypt | null): Promise<boolean>
}

/** One form in which hashes are written. */
export interface HashFormat {
  /** Every group takes part in every match, if only with the empty string. */
  readonly pattern: RegExp
  /** Takes the groups. `null` for what is over the budget, and for what only looked like this form. */
  readonly read: (...groups: string[]) => StoredHash | null
}

/** A hash cannot be verified before the operator has done something. */
export class MissingRequirement extends Error {
  override readonly name = 'MissingRequirement'
  /** In words, such as `the package x`. */
  readonly requirement: string

  constructor(requirement: string, remedy: string, options?: ErrorOptions) {
    super(`A stored password hash needs ${requirement}: ${remedy}`, options)
    this.requirement = requirement
  }
}

/** Bytes from base64 with or without padding, `null` for what an encoder would write in another way. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return unpadded(bytes) === text.replace(/={1,2}$/, '') ? bytes : null
}

/** Base64 without padding, as the PHC string format has it. */
export function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/={1,2}$/, '')
}
