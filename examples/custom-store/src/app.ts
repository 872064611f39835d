import type { Auth } from '@latchkey/core'
import { authErrors, authOf, authRouter, requireAuth } from '@latchkey/express-adapter'
import express, { type Express } from 'express'

/** An application with accounts. Nothing in it knows where they are kept. */
export function createApp(auth: Auth): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use('/auth', authRouter(auth))
  app.get('/hello', requireAuth(auth), async (request, response) => {
    const { email } = await authOf(request).loadUser()
    response.json({ hello: email })
  })
  app.get('/ready', async (_request, response) => {
    response.sendStatus((await auth.ready()) ? 204 : 503)
  })
  app.use(authErrors(auth))
  return app
}
