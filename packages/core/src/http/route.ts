import type * as z from 'zod'
import type { Context, Settings } from '../context.ts'
import type { AuthErrorCode } from '../errors.ts'
import type { Client } from '../events.ts'
import { parseInput } from '../input.ts'
import type { Principal } from '../principal.ts'
import type { Seconds } from '../time.ts'
import { type Answer, render } from './answer.ts'
import { type Door, jsonBody } from './door.ts'
import type { PlainRequest, Reply } from './request.ts'

/** What a handler knows of the request besides its input. */
interface Call {
  readonly client: Client
  /** What stands for `:id` in the path. */
  readonly id: string
}

/** What a client has to know of a route. The OpenAPI document is made from it. */
interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Exact, but for a last segment `:id`. */
  readonly path: string
  /** The name of the operation, such as `changePassword`. */
  readonly operation: string
  readonly summary: string
  /** Refusals of its own, beside those that come with its input and its access. */
  readonly refusals?: readonly AuthErrorCode[]
  /** Whether the answer is always the same, without a call to the store. */
  readonly isStatic?: true
}

interface Input<T> {
  readonly input: () => z.ZodType<T>
  /** What is taken under these settings, as far as a schema can tell it better: for the OpenAPI document. */
  readonly inputUnder?: (settings: Settings) => z.ZodType
}

/** A row of the route table. */
export interface Route extends RouteDescription {
  /** Who may call: anyone, or who has a session, begun at most so long ago. */
  readonly access: 'anyone' | { readonly maxAge?: Seconds }
  readonly takes: (Input<unknown> & { readonly door: Door }) | null
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

interface OwnRoute<O> extends RouteDescription {
  readonly maxAge?: Seconds
  readonly answers: Answer<O>
  handle(ctx: Context, principal: Principal, call: Call): Promise<O>
}

interface OwnRouteWithInput<I, O> extends RouteDescription, Input<I> {
  readonly answers: Answer<O>
  handle(ctx: Context, principal: Principal, input: I, call: Call): Promise<O>
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
      return render(answers, await handle(ctx, value, call))
    },
  }
}

/** A route for who has a session. Its subject is the principal, never the input (S088). */
export function own<O>({ maxAge, answers, handle, ...description }: OwnRoute<O>): Route {
  return {
    ...description,
    answers,
    access: maxAge === undefined ? {} : { maxAge },
    takes: null,
    respond: async (ctx, _request, call, principal) =>
      render(answers, await handle(ctx, present(principal), call)),
  }
}

/** Like {@link own}, with an input. */
export function ownWith<I, O>(route: OwnRouteWithInput<I, O>): Route {
  const { input, inputUnder, answers, handle, ...description } = route
  return {
    ...description,
    answers,
    access: {},
    takes: { input, door: jsonBody, ...(inputUnder && { inputUnder }) },
    async respond(ctx, request, call, principal) {
      const value = parseInput(input, await jsonBody.read(request))
      return render(answers, await handle(ctx, present(principal), value, call))
    },
  }
}

function present(principal: Principal | null): Principal {
  if (principal === null) throw new Error('a route with access for sessions was called without one')
  return principal
}
