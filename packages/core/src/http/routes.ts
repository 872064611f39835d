import * as z from 'zod'
import type { Settings } from '../context.ts'
import { once } from '../once.ts'
import { accountRoutes } from './account-routes.ts'
import { type Answer, render } from './answer.ts'
import { changeRoutes } from './change-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { openapiDocument } from './openapi.ts'
import type { Route } from './route.ts'
import { sessionRoutes } from './session-routes.ts'
import { transferRoutes } from './transfer-routes.ts'
import { userRoutes } from './user-routes.ts'

const openapiAnswer: Answer<object> = {
  status: 200,
  description: 'An OpenAPI 3.1 document.',
  schema: once(() => z.looseObject({ openapi: z.string() })),
}

const openapiRoute: Route = {
  method: 'GET',
  path: '/openapi.json',
  operation: 'readOpenapi',
  summary: 'Read what is served here, as an OpenAPI 3.1 document',
  access: 'anyone',
  isStatic: true,
  takes: null,
  answers: openapiAnswer,
  respond: async ({ settings }) =>
    render(openapiAnswer, openapiDocument(routesUnder(settings), settings)),
}

/** The HTTP surface, all of it. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...sessionRoutes,
  ...changeRoutes,
  ...userRoutes,
  ...invitationRoutes,
  ...transferRoutes,
  ...eventRoutes,
  openapiRoute,
]

const served = new WeakMap<Settings, readonly Route[]>()

/** What of it is served under these settings: always the same list for the same settings. */
export function routesUnder(settings: Settings): readonly Route[] {
  const known = served.get(settings)
  if (known !== undefined) return known
  const rows = routes.filter(({ when = () => true }) => when(settings))
  served.set(settings, rows)
  return rows
}
