export {
  type Authentication,
  authErrors,
  authOf,
  authRouter,
  type ErrorHandler,
  type Handler,
  optionalAuthOf,
  requireAuth,
} from './express-adapter.ts'
