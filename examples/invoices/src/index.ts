export { ADMIN_EMAIL } from './administrator.ts'
export type { Application, AppParts } from './application.ts'
export { type InvoiceBook, invoiceBook, invoiceInput } from './invoices.ts'
export { outboxPage, shownMessages } from './outbox.ts'
export { notFound, type Problem, problemOf } from './problems.ts'
export { runDemo } from './run-demo.ts'
export { securityHeaders } from './security-headers.ts'
export { takeTour } from './take-tour.ts'

/** The folder with the pages. */
export const pagesFolder: string = `${import.meta.dirname}/pages`
