import * as z from 'zod'
import type { Settings } from '../context.ts'
import { once } from '../once.ts'
import type { Transport } from '../transport.ts'
import { accountRoutes } from './account-routes.ts'
import { type Answer, render } from './answer.ts'
import { changeRoutes } from './change-routes.ts'
import { cookieRoutes } from './cookie-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { keyRoutes } from './key-routes.ts'
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
  async respond(ctx, _request, { transport }) {
    const { settings } = ctx
    const document = openapiDocument(routesUnder(settings, transport), settings, transport)
    return render(openapiAnswer, document, ctx, transport)
  },
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
  ...keyRoutes,
  openapiRoute,
]

/** As far as a route does something else where tokens are in cookies, it has another row, or is there only then. */
const routesWithCookies: readonly Route[] = [
  ...new Map([...routes, ...cookieRoutes].map((route) => [route.operation, route])).values(),
]

const served = new WeakMap<Settings, Map<Transport, readonly Route[]>>()

/** What of it is served under these settings: always the same list for the same settings and the same transport. */
export function routesUnder(settings: Settings, transport: Transport): readonly Route[] {
  const known = served.get(settings) ?? new Map<Transport, readonly Route[]>()
  served.set(settings, known)
  const all = transport === 'cookie' ? routesWithCookies : routes
  const rows = known.get(transport) ?? all.filter(({ when = () => true }) => when(settings))
  known.set(transport, rows)
  return rows
}
