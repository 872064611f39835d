import type { IncomingMessage, RequestListener } from 'node:http'

// Its own declarations want the types of a browser.
export function getRequestListener(
  fetch: (request: Request, bindings: { readonly incoming: IncomingMessage }) => Promise<Response>,
): RequestListener
