/**
 * What went wrong between the store and its database.
 *
 * - `unreachable`: nothing answers there, or no longer
 * - `access_denied`: the credentials are wrong, or they do not allow this
 * - `unknown_database`: the server has no such database
 * - `not_migrated`: tables are missing or old: run the migrations
 * - `newer_schema`: the database was migrated by a newer version of this package
 * - `overloaded`: no connection became free in time
 * - `timeout`: the statement took too long
 * - `full`: there is no room left to write
 * - `unsafe_settings`: the server would shorten or change what it is given
 * - `failed`: anything else; see `cause`
 */
export type SqlStoreErrorCode =
  | 'unreachable'
  | 'access_denied'
  | 'unknown_database'
  | 'not_migrated'
  | 'newer_schema'
  | 'overloaded'
  | 'timeout'
  | 'full'
  | 'unsafe_settings'
  | 'failed'

/**
 * The store could not do what it was asked. The message names the remedy where there is one, and never a value of a
 * record. `cause` is the error of the driver.
 */
export class SqlStoreError extends Error {
  override readonly name = 'SqlStoreError'
  readonly code: SqlStoreErrorCode

  constructor(code: SqlStoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
