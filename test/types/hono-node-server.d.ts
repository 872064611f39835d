import type { IncomingMessage, RequestListener, Server } from 'node:http'

// Its own declarations want the types of a browser.
type Fetch = (
  request: Request,
  bindings: { readonly incoming: IncomingMessage },
) => Response | Promise<Response>

export function getRequestListener(fetch: Fetch): RequestListener
export function serve(options: {
  readonly fetch: Fetch
  readonly port?: number
  readonly hostname?: string
}): Server
