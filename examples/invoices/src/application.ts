import type { RequestListener } from 'node:http'
import type { Auth } from '@latchkey/core'
import type { Outbox } from '@latchkey/core/testing'

/** What an application is made of, whatever its framework. */
export interface AppParts {
  readonly auth: Auth
  readonly outbox: Outbox
}

/** The invoices application on one framework. */
export interface Application {
  /** Where the file with the accounts goes, unless the environment names a database. */
  readonly folder: string
  createApp(parts: AppParts): RequestListener
}
