import { getConnInfo } from '@hono/node-server/conninfo'
import type { Auth } from '@latchkey/core'
import { authOf, fetchGuard, fetchHandler } from '@latchkey/core/fetch'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'

/** With Hono. */
export function honoApp(auth: Auth): Hono {
  const handle = fetchHandler(auth, { prefix: '/auth' })
  const guard = fetchGuard(auth)
  const requireAuth = createMiddleware(async (c, next) => {
    const admission = await guard(c.req.raw, { ip: getConnInfo(c).remote.address })
    return admission.admitted ? next() : admission.response
  })

  const app = new Hono()
  app.all('/auth/*', (c) => handle(c.req.raw, { ip: getConnInfo(c).remote.address }))
  app.get('/hello', requireAuth, async (c) => {
    const { email } = await authOf(c.req.raw).loadUser()
    return c.json({ hello: email })
  })
  app.onError((error, c) => {
    const reply = auth.problem(error) // what a flow threw in a handler
    return reply === null ? c.text('Something went wrong', 500) : new Response(reply.body, reply)
  })
  return app
}
