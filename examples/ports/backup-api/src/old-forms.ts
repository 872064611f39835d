import type { RequestHandler } from 'express'

/**
 * Answers `GET /signup/<username>/<email>/<password>` and its like. The path is not looked at: a path is decoded, and
 * told in errors, only where a route names its parts.
 */
export const refuseOldForms: RequestHandler = (request, response, next) => {
  if (request.method === 'POST') return next()
  response.set('allow', 'POST').status(405).type('application/problem+json').json(problem)
}

const problem = {
  type: 'urn:latchkey:problem:method_not_allowed',
  title: 'This method is not allowed here',
  status: 405,
  code: 'method_not_allowed',
  detail:
    'Send a POST with a JSON body. A password in an address stays in logs and histories on its way: choose another one.',
}
