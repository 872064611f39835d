import type * as z from 'zod'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import { parseInput } from '../input.ts'
import type { Principal } from '../principal.ts'
import type { Seconds } from '../time.ts'
import { readJson } from './body.ts'
import type { PlainRequest, Reply } from './request.ts'

/** What a handler knows of the request besides its input. */
export interface Call {
  readonly client: Client
  /** What stands for `:id` in the path. */
  readonly id: string
}

/** A row of the route table. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Exact, but for a last segment `:id`. */
  readonly path: string
  /** Who may call: anyone, or who has a session, begun at most so long ago. */
  readonly access: 'anyone' | { readonly maxAge?: Seconds }
  answer(
    ctx: Context,
    request: PlainRequest,
    call: Call,
    principal: Principal | null,
  ): Promise<Reply>
}

type Method = Route['method']
type ReadBody = (request: PlainRequest) => Promise<object> | object

/** A route that anyone may call. */
export function open<T>(
  method: Method,
  path: string,
  schema: z.ZodType<T>,
  handle: (ctx: Context, input: T, call: Call) => Promise<Reply>,
  read: ReadBody = readJson,
): Route {
  return {
    method,
    path,
    access: 'anyone',
    answer: async (ctx, request, call) =>
      handle(ctx, parseInput(schema, await read(request)), call),
  }
}

/** A route for who has a session. Its subject is the principal, never the input (S088). */
export function own(
  method: Method,
  path: string,
  access: { readonly maxAge?: Seconds },
  handle: (ctx: Context, principal: Principal, call: Call) => Promise<Reply>,
): Route {
  return {
    method,
    path,
    access,
    answer: (ctx, _request, call, principal) => handle(ctx, present(principal), call),
  }
}

/** Like {@link own}, with an input. */
export function ownWith<T>(
  method: Method,
  path: string,
  schema: z.ZodType<T>,
  handle: (ctx: Context, principal: Principal, input: T, call: Call) => Promise<Reply>,
): Route {
  return {
    method,
    path,
    access: {},
    answer: async (ctx, request, call, principal) =>
      handle(ctx, present(principal), parseInput(schema, await readJson(request)), call),
  }
}

function present(principal: Principal | null): Principal {
  if (principal === null) throw new Error('a route with access for sessions was called without one')
  return principal
}
