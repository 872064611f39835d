export { type BackUpOptions, type BackUpProgress, backUp } from './back-up.ts'
export { BackupError, type BackupErrorCode } from './backup-error.ts'
export { type EndAllSessionsOptions, endAllSessions } from './end-all-sessions.ts'
export {
  type RestoreConflict,
  type RestoreOptions,
  type RestoreReport,
  restore,
} from './restore.ts'
