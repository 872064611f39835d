import * as z from 'zod'
import type { Context } from '../context.ts'
import { type AuthErrorCode, type InputErrorCode, inputErrors } from '../errors.ts'
import { once } from '../once.ts'
import type { JsonObject } from '../records.ts'
import type { ShownAccount, ShownEvent, ShownSession, ShownTokens, ShownUser } from '../shown.ts'
import type { Transport } from '../transport.ts'
import { problems } from './problem.ts'
import { attachment, type Download, empty, json } from './reply.ts'
import type { Reply } from './request.ts'

const time = () => z.string().meta({ format: 'date-time' })

/** The application's own fields of an account. */
const profileSchema = once(() => z.record(z.string(), z.unknown()) as z.ZodType<JsonObject>)

/** What is answered of a user. */
export const userSchema = once(
  () =>
    z.object({
      id: z.guid(),
      email: z.string().nullable().meta({ description: 'As the owner wrote it.' }),
      emailVerified: z.boolean(),
      username: z.string().nullable().meta({ description: 'As the owner wrote it.' }),
      phone: z.string().nullable().meta({ description: 'E.164.' }),
      phoneVerified: z.boolean(),
      roles: z.array(z.string()),
      profile: profileSchema(),
      createdAt: time(),
    }) satisfies z.ZodType<ShownUser>,
)

/** What is answered of a user to administrators. */
export const accountSchema = once(
  () =>
    z.object({
      ...userSchema().shape,
      status: z.enum(['pending', 'active', 'disabled', 'deleted']),
      hasPassword: z.boolean(),
      failedLogins: z.int().meta({ description: 'Since the last login that did not fail.' }),
      deleteAfter: time().nullable().meta({ description: 'Unless its owner logs in before.' }),
      updatedAt: time(),
    }) satisfies z.ZodType<ShownAccount>,
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
      impersonated: z.boolean().meta({
        description: 'Whether an administrator opened it to act in the name of its owner.',
      }),
    }) satisfies z.ZodType<ShownSession>,
)

/** What is answered of an event. */
export const eventSchema = once(
  () =>
    z.object({
      id: z.guid(),
      at: time(),
      type: z.string(),
      outcome: z.enum(['success', 'failure']),
      userId: z.guid().nullable().meta({ description: 'To whose account it happened.' }),
      actorId: z
        .guid()
        .nullable()
        .meta({ description: 'Who did it, where that was somebody else.' }),
      sessionId: z.guid().nullable(),
      ip: z.string().nullable(),
      userAgent: z.string().nullable(),
      data: profileSchema().meta({ description: 'What else is known, by the type of event.' }),
    }) satisfies z.ZodType<ShownEvent>,
)

/** A page of events. */
export const eventPageSchema = once(() =>
  z.object({
    events: z.array(eventSchema()),
    cursor: z.string().nullable().meta({ description: 'For the next page; null on the last.' }),
  }),
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

/** An answer that says no more than its status. */
export const emptySchema = once(() => z.object({}))

/** A member of the input that is wrong. */
export const inputErrorSchema = once(() =>
  z.object({
    pointer: z.string().meta({ format: 'json-pointer', description: 'The member (RFC 6901).' }),
    code: z.enum(Object.keys(inputErrors) as InputErrorCode[]),
    detail: z.string().meta({ description: 'For developers. Never repeats the value.' }),
  }),
)

/** A refusal: problem details (RFC 9457). */
export const problemSchema = once(() =>
  z.object({
    type: z.string().meta({ format: 'uri' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problems) as AuthErrorCode[]),
    errors: z.array(inputErrorSchema()).optional(),
  }),
)

/** What a route answers when it refuses nothing. */
export interface Answer<T> {
  readonly status: 200 | 201 | 202 | 204
  readonly description: string
  /** `null` for an answer without a body, and for a file. */
  readonly schema: (() => z.ZodType<T>) | null
  /** In place of those that every other answer has. */
  readonly headers?: Readonly<Record<string, string>>
  /** What it takes to answer with a file. */
  readonly file?: FileAnswer<T>
  /** What it takes to answer with the tokens of a session. */
  readonly session?: SessionAnswer<T>
}

interface FileAnswer<T> {
  /** The media types that it may have. */
  readonly types: readonly string[]
  reply(value: T): Reply
}

interface SessionAnswer<T> {
  /** The schema of its body, by how the tokens travel. */
  readonly schemas: Readonly<Record<Transport, () => z.ZodType>>
  reply(value: T, ctx: Context, transport: Transport): Reply
}

/** The schema of a body; `null` for an answer without one, and for a file. */
export function schemaOf(
  { schema, session }: Answer<unknown>,
  transport: Transport,
): (() => z.ZodType) | null {
  return session === undefined ? schema : session.schemas[transport]
}

/** 200, with a body. */
export function ok<T>(schema: () => z.ZodType<T>, description: string): Answer<T> {
  return { status: 200, description, schema }
}

/** 201, with what was made. */
export function created<T>(schema: () => z.ZodType<T>, description: string): Answer<T> {
  return { status: 201, description, schema }
}

/** An answer without a body. */
export function nothing(status: 202 | 204, description: string): Answer<void> {
  return { status, description, schema: null }
}

/** 200, with a file that is made as it goes out. */
export function file(types: readonly string[], description: string): Answer<Download> {
  return { status: 200, description, schema: null, file: { types, reply: attachment } }
}

/** What a flow resolved, as the answer that was promised. */
export function render<T>(answer: Answer<T>, value: T, ctx: Context, transport: Transport): Reply {
  const { status, schema, file, session, headers } = answer
  if (file !== undefined) return file.reply(value)
  if (session !== undefined) return session.reply(value, ctx, transport)
  return schema === null ? empty(status) : json(status, value, headers)
}
