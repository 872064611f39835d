import { notFound, type Problem, problemOf } from '@latchkey/example-invoices'
import type { Context, Middleware } from 'koa'

/** Answers what the application's own routes throw, and for paths that nobody serves, in the format of RFC 9457. */
export const problems: Middleware = async (ctx, next) => {
  try {
    await next()
    if (ctx.status === 404 && ctx.body === undefined) sendProblem(ctx, notFound)
  } catch (error) {
    if (ctx.headerSent) throw error
    sendProblem(ctx, problemOf(error))
  }
}

function sendProblem(ctx: Context, problem: Problem): void {
  ctx.status = problem.status
  ctx.body = problem
  ctx.type = 'application/problem+json; charset=utf-8'
}
