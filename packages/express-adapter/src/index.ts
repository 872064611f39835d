export {
  type Authentication,
  authErrors,
  authOf,
  authRouter,
  optionalAuthOf,
  requireAuth,
} from './express-adapter.ts'
