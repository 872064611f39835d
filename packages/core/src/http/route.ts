import type * as z from 'zod'
import type { Context, Settings } from '../context.ts'
import type { AuthErrorCode } from '../errors.ts'
import type { Client } from '../events.ts'
import { parseInput } from '../input.ts'
import type { Principal } from '../principal.ts'
import type { AdminPermission } from '../roles.ts'
import type { Seconds } from '../time.ts'
import type { Transport } from '../transport.ts'
import { type Answer, render } from './answer.ts'
import { type Door, jsonBody, queryString } from './door.ts'
import type { PlainRequest, Reply } from './request.ts'
import { openUpload, type Upload } from './upload.ts'

/** What a handler knows of the request besides its input. */
interface Call {
  readonly client: Client
  /** What stands for `:id` in the path. */
  readonly id: string
  /** How tokens travel. */
  readonly transport: Transport
}

/** What a client has to know of a route. The OpenAPI document is made from it. */
interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Exact, but for a segment `:id`. */
  readonly path: string
  /** Whether it is served under these settings. @default always */
  readonly when?: (settings: Settings) => boolean
  /** The name of the operation, such as `changePassword`. */
  readonly operation: string
  readonly summary: string
  /** Refusals of its own, beside those that come with its input and its access. */
  readonly refusals?: readonly AuthErrorCode[]
  /** More of them, where the settings decide. */
  readonly refusalsUnder?: (settings: Settings) => readonly AuthErrorCode[]
  /** The cookies that it takes by itself, where tokens are in cookies: one of them is enough. */
  readonly cookies?: readonly ('accessToken' | 'refreshToken')[]
  /** Whether it is answered without a call to the store. */
  readonly isStatic?: true
}

interface Input<T> {
  readonly input: () => z.ZodType<T>
  /** What is taken under these settings, as far as a schema can tell it better: for the OpenAPI document. */
  readonly inputUnder?: (settings: Settings) => z.ZodType
}

/** What is asked of whoever has a session. */
interface OwnAccess {
  /** The login is at most so long ago. */
  readonly maxAge?: Seconds
  /** One of their roles allows this. */
  readonly permission?: AdminPermission
  /** Whether memory may say who they are. All other routes ask the store. */
  readonly consistency?: 'feed'
}

/** A row of the route table. */
export interface Route extends RouteDescription {
  /** Who may call: anyone, or who has a session, and what else is asked of them. */
  readonly access: 'anyone' | OwnAccess
  readonly takes: (Input<unknown> & { readonly door: Door }) | null
  /** The media types of a body that is read while it comes, beside what it takes. */
  readonly uploads?: readonly string[]
  readonly answers: Answer<unknown>
  respond(
    ctx: Context,
    request: PlainRequest,
    call: Call,
    principal: Principal | null,
  ): Promise<Reply>
}

interface OpenRoute<I, O> extends RouteDescription, Input<I> {
  /** A JSON body, unless it says otherwise. */
  readonly door?: Door
  readonly answers: Answer<O>
  handle(ctx: Context, input: I, call: Call): Promise<O>
}

interface OwnRoute<O> extends RouteDescription, OwnAccess {
  readonly answers: Answer<O>
  handle(ctx: Context, principal: Principal, call: Call): Promise<O>
}

interface OwnRouteWithInput<I, O> extends RouteDescription, OwnAccess, Input<I> {
  /** A JSON body, unless it says otherwise. */
  readonly door?: Door
  readonly answers: Answer<O>
  handle(ctx: Context, principal: Principal, input: I, call: Call): Promise<O>
}

interface UploadRoute<I, O> extends RouteDescription, OwnAccess, Input<I> {
  readonly uploads: readonly string[]
  readonly answers: Answer<O>
  handle(ctx: Context, principal: Principal, input: I, upload: Upload, call: Call): Promise<O>
}

/** A route that anyone may call. */
export function open<I, O>(route: OpenRoute<I, O>): Route {
  const { door = jsonBody, input, inputUnder, answers, handle, ...description } = route
  return {
    ...description,
    answers,
    access: 'anyone',
    takes: { input, door, ...(inputUnder && { inputUnder }) },
    async respond(ctx, request, call) {
      const value = parseInput(input, await door.read(request))
      return render(answers, await handle(ctx, value, call), ctx, call.transport)
    },
  }
}

/** A route for who has a session. Its subject is the principal, never the input (S088). */
export function own<O>(route: OwnRoute<O>): Route {
  const { maxAge, permission, consistency, answers, handle, ...description } = route
  return {
    ...description,
    answers,
    access: accessOf({ maxAge, permission, consistency }),
    takes: null,
    respond: async (ctx, _request, call, principal) =>
      render(answers, await handle(ctx, present(principal), call), ctx, call.transport),
  }
}

/** Like {@link own}, with an input. */
export function ownWith<I, O>(route: OwnRouteWithInput<I, O>): Route {
  const { door = jsonBody, input, inputUnder, maxAge, permission, ...rest } = route
  const { answers, handle, ...description } = rest
  return {
    ...description,
    answers,
    access: accessOf({ maxAge, permission }),
    takes: { input, door, ...(inputUnder && { inputUnder }) },
    async respond(ctx, request, call, principal) {
      const value = parseInput(input, await door.read(request))
      const result = await handle(ctx, present(principal), value, call)
      return render(answers, result, ctx, call.transport)
    },
  }
}

/** Like {@link ownWith}, with an input in the query and a body that is read while it comes. */
export function ownUpload<I, O>(route: UploadRoute<I, O>): Route {
  const { input, maxAge, permission, answers, handle, ...description } = route
  return {
    ...description,
    answers,
    access: accessOf({ maxAge, permission }),
    takes: { input, door: queryString },
    async respond(ctx, request, call, principal) {
      const upload = openUpload(request)
      const value = parseInput(input, await queryString.read(request))
      const result = await handle(ctx, present(principal), value, upload, call)
      return render(answers, result, ctx, call.transport)
    },
  }
}

function accessOf({
  maxAge,
  permission,
  consistency,
}: { [Name in keyof OwnAccess]?: OwnAccess[Name] | undefined }): OwnAccess {
  return {
    ...(maxAge !== undefined && { maxAge }),
    ...(permission !== undefined && { permission }),
    ...(consistency !== undefined && { consistency }),
  }
}

function present(principal: Principal | null): Principal {
  if (principal === null) throw new Error('a route with access for sessions was called without one')
  return principal
}
