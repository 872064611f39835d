import type { ErrorRequestHandler, RequestHandler } from 'express'

/** A refusal with words for the reader. */
export class HttpError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const notFound: RequestHandler = () => {
  throw new HttpError(404, 'There is no such page.')
}

/** Answers what handlers throw. Express and its parsers say with `status` when the client is at fault. */
export const handleError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  const status: number = error?.status ?? 500
  if (status >= 500) console.error(error)
  const message = status >= 500 ? 'Something went wrong.' : 'The request is malformed.'
  response.status(status).json({ error: error instanceof HttpError ? error.message : message })
}
