import type { Outbox } from '@latchkey/core/testing'
import { outboxPage, shownMessages } from '@latchkey/example-invoices'
import type { RequestHandler } from 'express'

/** Shows the messages that a real application would have sent: JSON for programs, a page for browsers. */
export function outboxRoute(outbox: Outbox): RequestHandler {
  return (_request, response) => {
    response.format({
      json: () => response.json(shownMessages(outbox)),
      html: () => response.send(outboxPage(outbox)),
    })
  }
}
