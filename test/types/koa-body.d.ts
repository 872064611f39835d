import type { Middleware } from 'koa'

// Its own declarations contradict those of @koa/bodyparser: both add members to Koa's request.
export function koaBody(options?: object): Middleware
