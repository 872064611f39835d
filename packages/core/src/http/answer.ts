import * as z from 'zod'
import { type AuthErrorCode, type InputErrorCode, inputErrors } from '../errors.ts'
import { once } from '../once.ts'
import type { ShownSession, ShownTokens, ShownUser } from '../shown.ts'
import { problems } from './problem.ts'
import { empty, json } from './reply.ts'
import type { Reply } from './request.ts'

const time = () => z.string().meta({ format: 'date-time' })

/** What is answered of a user. */
export const userSchema = once(
  () =>
    z.object({
      id: z.guid(),
      email: z.string().nullable().meta({ description: 'As the owner wrote it.' }),
      emailVerified: z.boolean(),
      username: z.string().nullable().meta({ description: 'As the owner wrote it.' }),
      roles: z.array(z.string()),
      createdAt: time(),
    }) satisfies z.ZodType<ShownUser>,
)

/** What is answered of a session. */
export const sessionSchema = once(
  () =>
    z.object({
      id: z.guid(),
      current: z.boolean().meta({ description: 'Whether it is the session that asks.' }),
      deviceName: z.string().nullable(),
      userAgent: z.string().nullable(),
      ip: z.string().nullable(),
      createdAt: time(),
      lastSeenAt: time().meta({ description: 'To the minute.' }),
      expiresAt: time().meta({ description: 'When it ends unless it is used again.' }),
    }) satisfies z.ZodType<ShownSession>,
)

/** What a client gets when a session begins or goes on. */
export const tokensSchema = once(
  () =>
    z.object({
      accessToken: z.string(),
      refreshToken: z.string(),
      expiresIn: z.int().meta({ description: 'Seconds until the access token ends.' }),
      tokenType: z.literal('Bearer'),
      sessionId: z.guid(),
    }) satisfies z.ZodType<ShownTokens>,
)

/** A session that has begun, and whose it is. */
export const startedSchema = once(() => z.object({ user: userSchema(), ...tokensSchema().shape }))

/** A refusal: problem details (RFC 9457). */
export const problemSchema = once(() =>
  z.object({
    type: z.string().meta({ format: 'uri' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems) as AuthErrorCode[]),
    errors: z
      .array(
        z.object({
          pointer: z
            .string()
            .meta({ format: 'json-pointer', description: 'The member (RFC 6901).' }),
          code: z.enum(Object.keys(inputErrors) as InputErrorCode[]),
          detail: z.string().meta({ description: 'For developers. Never repeats the value.' }),
        }),
      )
      .optional(),
  }),
)

/** What a route answers when it refuses nothing. */
export interface Answer<T> {
  readonly status: 200 | 202 | 204
  readonly description: string
  /** `null` for an answer without a body. */
  readonly schema: (() => z.ZodType<T>) | null
}

/** 200, with a body. */
export function ok<T>(schema: () => z.ZodType<T>, description: string): Answer<T> {
  return { status: 200, description, schema }
}

/** An answer without a body. */
export function nothing(status: 202 | 204, description: string): Answer<void> {
  return { status, description, schema: null }
}

/** What a flow resolved, as the answer that was promised. */
export function render<T>({ status, schema }: Answer<T>, value: T): Reply {
  return schema === null ? empty(status) : json(status, value)
}
