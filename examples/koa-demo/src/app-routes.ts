import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import {
  type AppParts,
  type InvoiceBook,
  invoiceInput,
  outboxPage,
  shownMessages,
} from '@latchkey/example-invoices'
import { authOf, requireAuth } from '@latchkey/koa-adapter'

interface RouteParts extends AppParts {
  readonly invoices: InvoiceBook
}

/** The application's own routes. The owner of an invoice is who makes the request, whatever the body says. */
export function appRoutes({ auth, outbox, invoices }: RouteParts): Router {
  const router = new Router()
  const parseJson = bodyParser({ enableTypes: ['json'], jsonLimit: '16kb' })

  router.get('/invoices', requireAuth(auth), (ctx) => {
    ctx.body = { invoices: invoices.of(authOf(ctx).user.id) }
  })

  router.post('/invoices', requireAuth(auth), parseJson, (ctx) => {
    const input = invoiceInput.parse(ctx.request.body)
    ctx.status = 201
    ctx.body = invoices.add(authOf(ctx).user.id, input)
  })

  router.get('/admin/invoices', requireAuth(auth, { role: 'admin' }), (ctx) => {
    ctx.body = { invoices: invoices.all() }
  })

  // For this demo only: whoever reads it gets into every account. JSON for programs, a page for browsers.
  router.get('/outbox', (ctx) => {
    ctx.vary('Accept')
    ctx.body = ctx.accepts('json', 'html') === 'html' ? outboxPage(outbox) : shownMessages(outbox)
  })

  return router
}
