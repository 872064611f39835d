import { describe } from 'vitest'
import type { Application } from '../src/application.ts'
import { describeInvoices } from './describe-invoices.ts'
import { describeLinks } from './describe-links.ts'
import { describeMain } from './describe-main.ts'
import { describePages } from './describe-pages.ts'
import { describeTour } from './describe-tour.ts'

/** What every demo does, whatever its framework. */
export function describeDemo(framework: string, app: Application): void {
  describe(`on ${framework}`, () => {
    describeInvoices(app)
    describePages(app)
    describeLinks(app)
    describeMain(app)
    describeTour(app)
  })
}
