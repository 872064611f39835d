import { ZodError } from 'zod'

/** An answer in the format that Latchkey answers in (RFC 9457), sent as `application/problem+json`. */
export interface Problem {
  readonly type: string
  readonly status: number
  readonly code: string
  readonly title: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

/** For paths that nobody serves. */
export const notFound: Problem = problem(404, 'not_found', 'There is no such thing')

/** What to answer when the application's own routes throw. What is no fault of the client's is printed. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ZodError) return invalidInput(error)
  const status = clientErrorStatus(error)
  if (status !== null) return problem(status, 'invalid_request', 'The request is malformed')
  console.error(error)
  return problem(500, 'internal_error', 'Something went wrong')
}

function invalidInput(error: ZodError): Problem {
  const errors = error.issues.map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key)}`).join(''),
    detail: message,
  }))
  return { ...problem(422, 'invalid_input', 'The input is not valid'), errors }
}

/** What frameworks and their parsers throw says with `status` when the client is at fault. */
function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}

function problem(status: number, code: string, title: string): Problem {
  return { type: `urn:invoices:problem:${code}`, status, code, title }
}
