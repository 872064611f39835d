export {
  type Authentication,
  authOf,
  authRouter,
  optionalAuthOf,
  requireAuth,
} from './express-adapter.ts'
