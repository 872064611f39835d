import { type Auth, AuthError } from '@latchkey/core'
import express, { type Express, type RequestHandler } from 'express'
import { accountRoutes } from './account-routes.ts'
import { answerError } from './errors.ts'
import { sessionRoutes } from './session-routes.ts'

export interface AppParts {
  readonly auth: Auth
  /** The clock. @default the system's */
  readonly now?: () => Date
}

/** An API with paths, members and errors of its own. */
export function createApp({ auth, now = () => new Date() }: AppParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use('/api/v1', noStore, jsonOnly, express.json({ limit: '16kb' }))
  app.use('/api/v1', accountRoutes(auth), sessionRoutes(auth, now))
  app.use(() => {
    throw new AuthError('not_found')
  })
  app.use(answerError)
  return app
}

/** Answers hold tokens: no cache may keep one. */
const noStore: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store')
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
