import type { Application } from '@latchkey/example-invoices'
import { createApp } from './app.ts'

/** The invoices application on Express. Its accounts are kept in the folder of the demo. */
export const application: Application = {
  folder: `${import.meta.dirname}/..`,
  createApp,
}
