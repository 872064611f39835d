import type { AuthErrorCode, AuthOptions } from '@latchkey/core'
import type { Answer } from './http-client.ts'
import type { LocatedOperation } from './openapi-traffic.ts'
import { PASSWORD, type Setup } from './setup.ts'

export const ADA = { email: 'ada@example.com', username: 'ada', password: PASSWORD }
export const BOB = { email: 'bob@example.com', username: 'bob', password: PASSWORD }

/** An operation on a running host, and an account that may call it. */
export interface Scene {
  readonly setup: Setup
  readonly operation: LocatedOperation
  /** Whether the operation wants a session. */
  readonly isOwn: boolean
  readonly userId: string
  readonly accessToken: string
  readonly refreshToken: string
  /** What the operation takes, if it takes any. */
  readonly body: Readonly<Record<string, unknown>> | undefined
  /** Lets the store fail from now on. */
  breakStore(): void
  /** Sends what the operation takes, but for what is said otherwise. */
  send(changes?: Partial<Sent>): Promise<Answer>
}

export interface Sent {
  /** A string is sent as it is, `undefined` not at all. */
  readonly body: object | string | undefined
  readonly type: string
  readonly authorization: string | null
  readonly id: string
  /** Behind the path, with its `?`. */
  readonly query: string
}

/** A way to have a refusal. */
export interface Provocation {
  readonly options?: Partial<AuthOptions>
  provoke(scene: Scene): Promise<Answer | undefined>
}

/** By the code of the refusal. */
export type Provocations = { readonly [code in AuthErrorCode]?: Provocation }
