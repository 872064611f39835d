import type { AuthErrorCode, Message, RecordedEvent } from '@latchkey/core'

/** What a node in a process of its own can be asked to do. */
export type Verb =
  | 'register'
  | 'createUser'
  | 'activate'
  | 'login'
  | 'authenticate'
  | 'refresh'
  | 'logout'
  | 'changePassword'
  | 'forgotPassword'
  | 'resetPassword'
  | 'take'
  | 'tryCode'

/** One call, as it travels to the process. */
export interface Call {
  readonly verb: Verb
  readonly input: Readonly<Record<string, string>>
}

/** How a call ended. */
export interface Answer {
  readonly code: 'ok' | AuthErrorCode
  /** What it resolved. */
  // biome-ignore lint/suspicious/noExplicitAny: each verb resolves something else
  readonly value: any
  /** When it began and ended, in milliseconds since 1970. */
  readonly began: number
  readonly ended: number
}

/** What the test says. */
export type Order =
  /** Keeps the calls for the next `go`. */
  | { readonly type: 'prepare'; readonly calls: readonly Call[] }
  /** Begins all calls at that instant, in milliseconds since 1970. */
  | { readonly type: 'go'; readonly at: number }

/** What the process says. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'event'; readonly event: RecordedEvent }
  /** What failed where no answer says so. */
  | { readonly type: 'failure'; readonly failure: string }
  /** Comes when also all messages and events of the calls are out. */
  | { readonly type: 'answers'; readonly answers: readonly Answer[] }
