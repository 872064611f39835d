/** Why a backup cannot be made or read. Stable: scripts may switch on it. */
export type BackupErrorCode =
  | 'weak_passphrase'
  | 'wrong_passphrase'
  | 'not_a_backup'
  | 'newer_format'
  | 'damaged'

/** A backup that cannot be made or read. The message says what to do, and never holds the passphrase or a record. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code: BackupErrorCode

  constructor(code: BackupErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
