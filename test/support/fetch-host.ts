import { getRequestListener } from '@hono/node-server'
import type { Auth } from '@latchkey/core'
import { fetchGuard, fetchHandler, type Peer } from '@latchkey/core/fetch'
import { guardedRoutes } from './guarded-routes.ts'
import type { Mounting } from './mounting.ts'
import { type RunningHost, serve } from './running-host.ts'

/** With nothing but requests and responses; on sockets by the server that Hono has for Node. */
export function serveFetch(auth: Auth, { mount, parsesFirst }: Mounting): Promise<RunningHost> {
  const handle = fetchHandler(auth, { prefix: mount })
  const application = guardedApplication(auth)
  async function answer(request: Request, peer: Peer): Promise<Response> {
    const { pathname } = new URL(request.url)
    const own = await application(request, pathname)
    if (own !== null) return own
    const isOurs = mount === '/' || pathname.startsWith(`${mount}/`)
    if (!isOurs) return new Response('not here', { status: 404 })
    const isJson = request.headers.get('content-type')?.startsWith('application/json') ?? false
    return parsesFirst && isJson && request.body !== null
      ? handleParsed(request, peer)
      : handle(request, peer)
  }
  async function handleParsed(request: Request, peer: Peer): Promise<Response> {
    try {
      return await handle(request, {
        ...peer,
        parsedBody: JSON.parse((await request.text()) || '{}'),
      })
    } catch {
      return new Response('the parser of the host did not take this', { status: 400 })
    }
  }
  return serve(
    getRequestListener((request, { incoming }) =>
      answer(request, { ip: incoming.socket.remoteAddress }),
    ),
  )
}

type Application = (request: Request, path: string) => Promise<Response | null>

function guardedApplication(auth: Auth): Application {
  const guards = new Map(
    Object.entries(guardedRoutes).map(([path, requirement]) => [
      path,
      fetchGuard(auth, requirement),
    ]),
  )
  return async (request, path) => {
    const guard = ['GET', 'POST'].includes(request.method) ? guards.get(path) : undefined
    if (guard === undefined) return null
    const admission = await guard(request)
    if (!admission.admitted) return admission.response
    const response = Response.json(admission.principal)
    for (const line of admission.setCookies) response.headers.append('set-cookie', line)
    return response
  }
}
