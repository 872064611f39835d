export type { Authentication, ErrorHandlerOptions, MountOptions } from '@latchkey/core/node'
export {
  authErrors,
  authOf,
  authRouter,
  bearerToken,
  type Context,
  clientOf,
  type Middleware,
  optionalAuthOf,
  requireAuth,
} from './koa-adapter.ts'
