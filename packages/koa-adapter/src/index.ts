export type { Authentication, MountOptions } from '@latchkey/core/node'
export {
  authErrors,
  authOf,
  authRouter,
  type Context,
  type Middleware,
  optionalAuthOf,
  requireAuth,
} from './koa-adapter.ts'
