import type { DatabaseSync } from 'node:sqlite'
import compression from 'compression'
import express, { type Express } from 'express'
import morgan, { type StreamOptions } from 'morgan'
import { handleError, notFound } from '../errors.ts'
import { memberTable, readMember, readProfile } from '../members.ts'
import { listPage, profilePage } from './pages.ts'

export interface AppParts {
  readonly database: DatabaseSync
  /** Where requests are logged. @default standard output */
  readonly log?: StreamOptions
}

/** The directory of an association: pages for readers, JSON for the forms on them. */
export function createApp({ database, log = process.stdout }: AppParts): Express {
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

  app.get('/', (_request, response) => {
    response.send(listPage(members.all()))
  })
  app.get('/members/:id', (request, response) => {
    response.send(profilePage(members.get(request.params.id)))
  })
  app.post('/members', (request, response) => {
    response.status(201).json(members.add(readMember(request.body)))
  })
  app.patch('/members/:id', (request, response) => {
    response.json(members.change(request.params.id, readProfile(request.body)))
  })

  app.use(notFound)
  app.use(handleError)
  return app
}
