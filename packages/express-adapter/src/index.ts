export { type Authentication, authOf, optionalAuthOf } from '@latchkey/core/node'
export {
  type AuthErrorsOptions,
  authErrors,
  authRouter,
  type ErrorHandler,
  type Handler,
  requireAuth,
} from './express-adapter.ts'
