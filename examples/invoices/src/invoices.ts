import { randomUUID } from 'node:crypto'
import * as z from 'zod'

/** What a client may say of an invoice. Whose it is, is never among it. */
export const invoiceInput = z.strictObject({
  description: z.string().trim().min(1).max(200),
  cents: z.int().min(1).max(100_000_000),
  currency: z.enum(['EUR', 'GBP', 'USD']),
})

type InvoiceInput = z.output<typeof invoiceInput>

interface Invoice extends InvoiceInput {
  readonly id: string
  readonly ownerId: string
  readonly createdAt: string
}

/** The invoices of everybody, oldest first. In memory, where a real application has its database. */
export interface InvoiceBook {
  all(): readonly Invoice[]
  of(ownerId: string): readonly Invoice[]
  add(ownerId: string, input: InvoiceInput): Invoice
}

export function invoiceBook(): InvoiceBook {
  const invoices: Invoice[] = []
  return {
    all: () => invoices,
    of: (ownerId) => invoices.filter((invoice) => invoice.ownerId === ownerId),
    add(ownerId, input) {
      const createdAt = new Date().toISOString()
      const invoice = { ...input, id: randomUUID(), ownerId, createdAt }
      invoices.push(invoice)
      return invoice
    },
  }
}
