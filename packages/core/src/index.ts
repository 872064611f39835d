export type { CreateUserInput } from './admin/create-user.ts'
export type { ExportUsersInput } from './admin/export-users.ts'
export type { InviteUserInput } from './admin/invite-user.ts'
export type { ListEventsInput } from './admin/list-events.ts'
export type { SetRolesInput } from './admin/set-roles.ts'
export type { UpdateUserInput } from './admin/update-user.ts'
export type { AccountFunctions } from './auth/accounts.ts'
export type { ChangeFunctions } from './auth/changes.ts'
export type { EventFunctions, ShownEventPage } from './auth/events.ts'
export type { Admission, Guard, HostedAuth, HttpSurface } from './auth/http-surface.ts'
export type { Jwks, KeyFunctions } from './auth/keys.ts'
export type { PasswordFunctions } from './auth/passwords.ts'
export type { LoginOutcome, SessionFunctions } from './auth/sessions.ts'
export type { ImportUsersOptions, TransferFunctions } from './auth/transfer.ts'
export type { ShownAccountPage, UserFunctions } from './auth/users.ts'
export { type Auth, createAuth } from './auth.ts'
export type { Actor } from './authority.ts'
export type { ErrorListener } from './background.ts'
export type { BreachCheckOptions, FetchRange } from './breach-options.ts'
export type { PublicJwk, SigningAlgorithm } from './context.ts'
export {
  AuthError,
  type AuthErrorCode,
  type AuthErrorOptions,
  ConfigurationError,
  type InputError,
  type InputErrorCode,
  type ReachedLimit,
} from './errors.ts'
export type { EventOf } from './event-listeners.ts'
export type { ListOwnEventsInput } from './event-pages.ts'
export type {
  AuthEvent,
  AuthEventType,
  Client,
  DeletionReason,
  GivenClient,
  LoginRefusal,
  RecordedEvent,
} from './events.ts'
export type { AcceptInvitationInput } from './flows/accept-invitation.ts'
export type { ActivateInput } from './flows/activate.ts'
export type { ChangeEmailInput } from './flows/change-email.ts'
export type { ChangePasswordInput } from './flows/change-password.ts'
export type { ChangePhoneInput } from './flows/change-phone.ts'
export type { PasswordCheck, PasswordOwner } from './flows/check-password.ts'
export type { ConfirmEmailInput } from './flows/confirm-email.ts'
export type { ConfirmPhoneInput } from './flows/confirm-phone.ts'
export type { DeleteAccountInput } from './flows/delete-account.ts'
export type { ForgotPasswordInput } from './flows/forgot-password.ts'
export type { LoginInput } from './flows/login.ts'
export type { RefreshInput } from './flows/refresh.ts'
export type { RegisterInput } from './flows/register.ts'
export type { ResendActivationInput } from './flows/resend-activation.ts'
export type { ResetPasswordInput } from './flows/reset-password.ts'
export type { RevokeInput } from './flows/revoke.ts'
export type { UndoEmailChangeInput } from './flows/undo-email-change.ts'
export type { UpdateAccountInput } from './flows/update-account.ts'
export type { VerifyEmailInput } from './flows/verify-email.ts'
export type { Requirement } from './http/guard.ts'
export type { OpenapiDocument } from './http/openapi.ts'
export type { ProblemInput } from './http/problem-of.ts'
export type { ProblemOptions } from './http/problem-options.ts'
export type { PlainRequest, Reply, RequestBody, RequestHead, TextReply } from './http/request.ts'
export type { LimitName } from './limit-table.ts'
export type { LimitOptions } from './limits/limit-options.ts'
export type { Limiter, LimiterOptions, LimiterState, MakeLimiter } from './limits/limiter.ts'
export type { Logger } from './logger.ts'
export { escapeHtml } from './messages/escape-html.ts'
export type { Language, MessageText } from './messages/language.ts'
export type {
  Mailer,
  Message,
  MessageComposer,
  MessageComposers,
  MessageWords,
} from './messages/message.ts'
export type { MessageKind } from './messages.ts'
export type { AuthOptions, MessageOptions, PasswordOptions } from './options.ts'
export type { Principal } from './principal.ts'
export type { ProfileAudience, ProfileRule, ProfileRules } from './profile-rules.ts'
export type { ProfileIssue, ProfileSchema, ProfileVerdict } from './profile-schema.ts'
export type {
  EventPosition,
  EventQuery,
  UserPosition,
  UserQuery,
  UserSort,
} from './queries.ts'
export type {
  Channel,
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
export type { RevocationPush } from './revocation-push.ts'
export type {
  ShownAccount,
  ShownDeletion,
  ShownEvent,
  ShownSession,
  ShownTokens,
  ShownUser,
  StartedSession,
} from './shown.ts'
export type { SigningOptions } from './signing-options.ts'
export type {
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
export { generateSigningKey, type PrivateJwk } from './tokens/generate-signing-key.ts'
export type { TransferFormat } from './transfer/formats.ts'
export type { ImportProgress, ImportReport, RefusedRow } from './transfer/import-report.ts'
export type { CookieNames, Transport } from './transport.ts'
export type { CookieOptions, TransportOptions } from './transport-options.ts'
export { UniqueViolation } from './unique-violation.ts'
export type { ListUsersInput, UserFilters } from './user-listing.ts'
