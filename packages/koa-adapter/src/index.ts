export type { Authentication } from '@latchkey/core/node'
export {
  authErrors,
  authOf,
  authRouter,
  type Context,
  type Middleware,
  type MountOptions,
  optionalAuthOf,
  requireAuth,
} from './koa-adapter.ts'
