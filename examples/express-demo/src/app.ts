import {
  type AppParts,
  invoiceBook,
  pagesFolder,
  securityHeaders,
} from '@latchkey/example-invoices'
import { authErrors, authRouter, requireAuth } from '@latchkey/express-adapter'
import express, { type Express } from 'express'
import { invoiceRoutes } from './invoice-routes.ts'
import { outboxRoute } from './outbox-route.ts'
import { handleError, handleNotFound } from './problems.ts'

/** The application: accounts under `/auth`, invoices of its own, and the pages to which the links in messages lead. */
export function createApp({ auth, outbox }: AppParts): Express {
  const invoices = invoiceBook()
  const app = express()
  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    response.set(securityHeaders)
    next()
  })

  app.use('/auth', authRouter(auth))
  app.use('/invoices', requireAuth(auth), invoiceRoutes(invoices))
  app.get('/admin/invoices', requireAuth(auth, { role: 'admin' }), (_request, response) => {
    response.json({ invoices: invoices.all() })
  })
  app.get('/outbox', outboxRoute(outbox)) // for this demo only: whoever reads it gets into every account
  app.use(express.static(pagesFolder, { extensions: ['html'] }))

  app.use(handleNotFound)
  app.use(authErrors(auth))
  app.use(handleError)
  return app
}
