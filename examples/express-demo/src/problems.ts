import { notFound, type Problem, problemOf } from '@latchkey/example-invoices'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'

/** For paths that nobody serves. */
export const handleNotFound: RequestHandler = (_request, response) => {
  sendProblem(response, notFound)
}

/** Answers what the application's own routes throw, in the format that Latchkey answers in (RFC 9457). */
export const handleError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error)
  sendProblem(response, problemOf(error))
}

function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).type('application/problem+json').json(problem)
}
