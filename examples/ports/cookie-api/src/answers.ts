import { type Auth, AuthError, type InputError, type Reply } from '@latchkey/core'
import { plainRequest, sendReply } from '@latchkey/core/node'
import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Translation } from './translations.ts'

/**
 * Has Latchkey answer a request in place of one of its own: it looks at the page that sends it and at the CSRF token, and
 * its answer has the cookies.
 */
export async function handOver(
  auth: Pick<Auth, 'handle'>,
  request: Request,
  path: string,
  input?: object,
): Promise<Reply> {
  const plain = plainRequest(request, { url: path, parsedBody: input })
  const reply = await auth.handle({ ...plain, method: 'POST' }, 'cookie')
  if (reply === null) throw new AuthError('not_found')
  return reply
}

type Words = Pick<Translation, 'done' | 'members'>

/** Sends an answer of Latchkey's, cookies and all, in the words of this API. */
export function answer(request: Request, response: Response, reply: Reply, words: Words): void {
  const isRefusal = reply.status >= 400
  const body = JSON.stringify(isRefusal ? refusal(reply, words) : { msg: words.done })
  const headers = { ...reply.headers, 'content-type': 'application/json; charset=utf-8' }
  sendReply(request, response, { ...reply, status: isRefusal ? reply.status : 200, headers, body })
}

/** What the clients know by these words. Everything else is told in Latchkey's own. */
const INVALID = /^(?:invalid_(?:credentials|input)|password_(?:too_short|blocked))$/

function refusal({ body }: Reply, { members }: Words) {
  const { code, title, errors } = JSON.parse(String(body))
  const nameOf = (pointer: string) =>
    Object.keys(members).find((name) => pointer.endsWith(`/${members[name]}`)) ?? pointer
  const wrong = errors?.map(({ pointer, detail }: InputError) => [nameOf(pointer), detail])
  return {
    msg: INVALID.test(code) ? 'invalid credentials!' : title,
    errors: wrong && Object.fromEntries(wrong),
  }
}

/** Answers whatever a handler or the body parser has thrown. */
export function answerError(auth: Pick<Auth, 'problem'>): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const reply = auth.problem(error, { catchAll: true })
    if (reply === null || response.headersSent) return next(error)
    answer(request, response, reply, { done: '', members: { email: 'search' } })
  }
}
