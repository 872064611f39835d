export {
  type Authentication,
  authOf,
  bearerToken,
  clientOf,
  type ErrorHandlerOptions,
  type MountOptions,
  optionalAuthOf,
} from '@latchkey/core/node'
export {
  authErrors,
  authRouter,
  type ErrorHandler,
  type Handler,
  requireAuth,
} from './express-adapter.ts'
