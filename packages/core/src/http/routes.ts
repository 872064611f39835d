import * as z from 'zod'
import { once } from '../once.ts'
import { accountRoutes } from './account-routes.ts'
import { type Answer, render } from './answer.ts'
import { openapiDocument } from './openapi.ts'
import type { Route } from './route.ts'
import { sessionRoutes } from './session-routes.ts'

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
  respond: async ({ settings }) => render(openapiAnswer, openapiDocument(routes, settings)),
}

/** The HTTP surface, all of it. */
export const routes: readonly Route[] = [...accountRoutes, ...sessionRoutes, openapiRoute]
