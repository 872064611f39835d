import { type InvoiceBook, invoiceInput } from '@latchkey/example-invoices'
import { authOf } from '@latchkey/express-adapter'
import express, { Router } from 'express'

/** The user's own invoices. Mount it behind `requireAuth`: the owner is who makes the request, whatever the body says. */
export function invoiceRoutes(invoices: InvoiceBook): Router {
  const router = Router()

  router.get('/', (request, response) => {
    response.json({ invoices: invoices.of(authOf(request).user.id) })
  })

  router.post('/', express.json({ limit: '16kb' }), (request, response) => {
    const input = invoiceInput.parse(request.body)
    response.status(201).json(invoices.add(authOf(request).user.id, input))
  })

  return router
}
