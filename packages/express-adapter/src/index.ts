export {
  type Authentication,
  authOf,
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
