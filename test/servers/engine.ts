import type { OwnServer, OwnServerOptions } from './own-server.ts'

export type Row = Readonly<Record<string, unknown>>

/** A kind of database server, and how the tests deal with it. */
export interface Engine {
  readonly name: string
  /** The environment variable with the URL of the server to use. */
  readonly variable: string
  /** What to install where there is none. */
  readonly packageName: string
  /** Where a server of this machine may be open without a password. */
  readonly localUrls: readonly string[]
  /** Runs one statement on a connection of its own. */
  query(url: string, statement: string): Promise<Row[]>
  /** The names of the databases on the server. */
  listDatabases(url: string): Promise<string[]>
  /** Creates an empty database. */
  createDatabase(url: string, name: string): Promise<void>
  /** Drops the database even while clients are connected to it. One that is not there is no error. */
  dropDatabase(url: string, name: string): Promise<void>
  /** Whether this machine has the programs to start a server. */
  isInstalled(programDirs?: readonly string[]): boolean
  /** Starts a server; `undefined` where it is not installed or cannot be had as the options ask. */
  start(options?: OwnServerOptions): Promise<OwnServer | undefined>
}
