import type { Auth } from '@latchkey/core'
import type { Outbox } from '@latchkey/core/testing'
import { authErrors, authRouter, requireAuth } from '@latchkey/express-adapter'
import express, { type Express } from 'express'
import { invoiceRoutes } from './invoice-routes.ts'
import { invoiceBook } from './invoices.ts'
import { outboxRoute } from './outbox-route.ts'
import { handleError, notFound } from './problems.ts'
import { securityHeaders } from './security-headers.ts'

export interface AppParts {
  readonly auth: Auth
  readonly outbox: Outbox
}

/** The application: accounts under `/auth`, invoices of its own, and the pages to which the links in messages lead. */
export function createApp({ auth, outbox }: AppParts): Express {
  const invoices = invoiceBook()
  const app = express()
  app.disable('x-powered-by')
  app.use(securityHeaders)

  app.use('/auth', authRouter(auth))
  app.use('/invoices', requireAuth(auth), invoiceRoutes(invoices))
  app.get('/admin/invoices', requireAuth(auth, { role: 'admin' }), (_request, response) => {
    response.json({ invoices: invoices.all() })
  })
  app.get('/outbox', outboxRoute(outbox)) // for this demo only: whoever reads it gets into every account
  app.use(express.static(`${import.meta.dirname}/pages`, { extensions: ['html'] }))

  app.use(notFound)
  app.use(authErrors(auth))
  app.use(handleError)
  return app
}
