import type { Auth } from '@latchkey/core'
import { authOf, fetchGuard, fetchHandler } from '@latchkey/core/fetch'

/** A request, and the address of who sent it. */
type App = (request: Request, ip: string | undefined) => Promise<Response>

/** With nothing but `Request` and `Response`. */
export function plainApp(auth: Auth): App {
  const handle = fetchHandler(auth, { prefix: '/auth' })
  const guard = fetchGuard(auth)

  async function hello(request: Request, ip: string | undefined): Promise<Response> {
    const admission = await guard(request, { ip })
    if (!admission.admitted) return admission.response
    const { email } = await authOf(request).loadUser()
    return Response.json({ hello: email })
  }

  return async (request, ip) => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/auth/')) return handle(request, { ip })
    if (request.method === 'GET' && pathname === '/hello') return hello(request, ip)
    return new Response('Not found', { status: 404 })
  }
}
