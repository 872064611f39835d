import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { ZodError } from 'zod'

interface Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

/** For paths that nobody serves. */
export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, { status: 404, code: 'not_found', title: 'There is no such thing' })
}

/** Answers what the application's own routes throw, in the format that Latchkey answers in (RFC 9457). */
export const handleError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) return next(error)
  const problem = problemOf(error)
  if (problem.status >= 500) console.error(error)
  sendProblem(response, problem)
}

function problemOf(error: unknown): Problem {
  if (error instanceof ZodError) return invalidInput(error)
  const status = clientErrorStatus(error)
  return status === null
    ? { status: 500, code: 'internal_error', title: 'Something went wrong' }
    : { status, code: 'invalid_request', title: 'The request is malformed' }
}

function invalidInput(error: ZodError): Problem {
  const errors = error.issues.map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key)}`).join(''),
    detail: message,
  }))
  return { status: 422, code: 'invalid_input', title: 'The input is not valid', errors }
}

/** What Express and its parsers throw says with `status` when the client is at fault. */
function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}

function sendProblem(response: Response, problem: Problem): void {
  const type = `urn:invoices:problem:${problem.code}`
  response
    .status(problem.status)
    .type('application/problem+json')
    .json({ type, ...problem })
}
