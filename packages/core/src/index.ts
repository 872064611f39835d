export type { CreateUserInput } from './admin/create-user.ts'
export {
  type Admission,
  type Auth,
  createAuth,
  type Guard,
  type LoginOutcome,
} from './auth.ts'
export type { ErrorListener } from './background.ts'
export {
  AuthError,
  type AuthErrorCode,
  type AuthErrorOptions,
  ConfigurationError,
  type InputError,
  type InputErrorCode,
} from './errors.ts'
export type {
  AuthEvent,
  AuthEventType,
  Client,
  GivenClient,
  LoginRefusal,
  RecordedEvent,
} from './events.ts'
export type { ActivateInput } from './flows/activate.ts'
export type { ChangePasswordInput } from './flows/change-password.ts'
export type { ForgotPasswordInput } from './flows/forgot-password.ts'
export type { LoginInput } from './flows/login.ts'
export type { RefreshInput } from './flows/refresh.ts'
export type { RegisterInput } from './flows/register.ts'
export type { ResendActivationInput } from './flows/resend-activation.ts'
export type { ResetPasswordInput } from './flows/reset-password.ts'
export type { RevokeInput } from './flows/revoke.ts'
export type { Requirement } from './http/guard.ts'
export type { OpenapiDocument } from './http/openapi.ts'
export type { PlainRequest, Reply, RequestBody } from './http/request.ts'
export type { Mailer, Message, MessageKind } from './messages.ts'
export type { AuthOptions, PasswordOptions } from './options.ts'
export type { Principal } from './principal.ts'
export type {
  Device,
  EventRecord,
  Identifier,
  IdentifierKind,
  JsonObject,
  JsonValue,
  OneTimeToken,
  RevocationReason,
  Session,
  SessionRotation,
  SessionWithUser,
  SupersededGeneration,
  TokenPurpose,
  User,
  UserPatch,
  UserStatus,
} from './records.ts'
export type { ShownSession, ShownTokens, ShownUser, StartedSession } from './shown.ts'
export type {
  EventPage,
  EventQuery,
  EventStore,
  OneTimeTokenStore,
  PruneLimits,
  Revocations,
  RevokedUser,
  RotationExpectation,
  SessionStore,
  SessionsToKeep,
  Sighting,
  Store,
  UserStore,
} from './store.ts'
export { UniqueViolation } from './unique-violation.ts'
