import { type Auth, AuthError } from '@latchkey/core'
import { streamOf } from '@latchkey/core/node'
import { authErrors, authOf, authRouter, clientOf, requireAuth } from '@latchkey/express-adapter'
import express, { type Express, type RequestHandler } from 'express'
import type { Backups } from './backups.ts'
import { refuseOldForms } from './old-forms.ts'

export interface AppParts {
  readonly auth: Auth
  readonly backups: Backups
}

/** Accounts, and backups of them for administrators. */
export function createApp({ auth, backups }: AppParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.post('/logout', (request, _response, next) => {
    request.url = '/auth/logout' // by either token, also by one that has expired
    next()
  })
  app.use('/auth', authRouter(auth)) // activation, the next tokens, a forgotten password, and the rest
  app.use(closed, jsonOnly, express.json({ limit: '16kb' }))

  app.post('/signup', async (request, response) => {
    const { username, email, password } = Object(request.body)
    await auth.register({ username, email, password }, clientOf(auth, request))
    response.status(202).json({ message: 'Open the link in the message that we sent you.' })
  })

  app.post('/login', async (request, response) => {
    const { email, password } = Object(request.body)
    const { status, ...session } = await auth.login(
      { identifier: email, password },
      clientOf(auth, request),
    )
    response.json({ message: 'You are logged in.', ...session })
  })

  const administrator = requireAuth(auth, { role: 'admin', maxAge: 900, consistency: 'strict' })

  app.post('/dump', administrator, async (request, response) => {
    const backup = await backups.write(authOf(request), clientOf(auth, request))
    response.status(201).json({ message: 'The backup is written.', backup })
  })

  app.get('/showbackup', administrator, async (_request, response) => {
    const csv = await backups.readCsv()
    response.attachment('accounts.csv').type('text/csv')
    streamOf(response, csv).pipe(response)
  })

  app.use(['/signup', '/login', '/logout', '/dump'], refuseOldForms)
  app.use(() => {
    throw new AuthError('not_found')
  })
  app.use(authErrors(auth, { catchAll: true, pointers: { '/identifier': '/email' } }))
  return app
}

/** Answers hold tokens and accounts: no cache may keep one, and no browser guess what it is. */
const closed: RequestHandler = (_request, response, next) => {
  response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  next()
}

/** What no form of another site can send. Express leaves any other body unread, as if there were none. */
const jsonOnly: RequestHandler = (request, _response, next) => {
  const isTyped = request.get('content-type') !== undefined
  if (isTyped && request.is('application/json') === false) {
    throw new AuthError('unsupported_media_type')
  }
  next()
}
