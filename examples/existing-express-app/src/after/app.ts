import type { DatabaseSync } from 'node:sqlite'
import type { Auth } from '@latchkey/core'
import { authErrors, authRouter, requireAuth } from '@latchkey/express-adapter'
import compression from 'compression'
import express, { type Express } from 'express'
import morgan, { type StreamOptions } from 'morgan'
import { handleError, notFound } from '../errors.ts'
import { memberTable, readMember, readProfile } from '../members.ts'
import { ownProfile } from './accounts.ts'
import { adminPart, listPage, profilePage } from './pages.ts'

export interface AppParts {
  readonly database: DatabaseSync
  readonly auth: Auth
  /** Where requests are logged. @default standard output */
  readonly log?: StreamOptions
}

/** The directory of an association: pages for readers, JSON for the forms on them. */
export function createApp({ database, auth, log = process.stdout }: AppParts): Express {
  const members = memberTable(database)
  const app = express()
  app.use(express.json())
  app.use(morgan('tiny', { stream: log }))
  app.use(compression())
  app.use((_request, response, next) => {
    response.setHeader('content-security-policy', "default-src 'self'")
    next()
  })
  app.use(express.static(`${import.meta.dirname}/public`))
  app.use('/auth', authRouter(auth))

  app.get('/', (_request, response) => {
    response.send(listPage(members.all()))
  })
  app.get('/members/:id', (request, response) => {
    response.send(profilePage(members.get(request.params.id)))
  })
  app.post('/members', requireAuth(auth, { role: 'admin' }), (request, response) => {
    response.status(201).json(members.add(readMember(request.body)))
  })
  app.patch('/members/:id', requireAuth(auth), ownProfile(database), (request, response) => {
    response.json(members.change(request.params.id, readProfile(request.body)))
  })
  app.get('/admin', requireAuth(auth, { role: 'admin' }), (_request, response) => {
    response.send(adminPart(members.all()))
  })

  app.use(notFound)
  app.use(authErrors(auth, { prefix: '/auth' }))
  app.use(handleError)
  return app
}
