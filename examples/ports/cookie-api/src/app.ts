import { type Auth, AuthError, type Requirement } from '@latchkey/core'
import { authOf, letIn, plainRequest } from '@latchkey/core/node'
import express, { type Express, type RequestHandler } from 'express'
import type { Profile } from './accounts.ts'
import { answer, answerError, handOver } from './answers.ts'
import { deletion } from './deletion.ts'
import { inputOf, translations } from './translations.ts'

/** The API of the service that this one replaces. */
export function createApp(auth: Auth<Profile>): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(noStore, express.json({ limit: '16kb' }))

  for (const [path, translation] of Object.entries(translations)) {
    app.post(path, async (request, response) => {
      const input = inputOf(translation, request.body)
      const reply = await handOver(auth, request, translation.calls, input)
      answer(request, response, reply, translation)
    })
  }

  app.get('/dashboard', signedIn(auth), async (request, response) => {
    const { email, profile } = await authOf<typeof auth>(request).loadUser()
    response.json({ Username: profile.username, Email: email })
  })

  const recently = signedIn(auth, { maxAge: 15 * 60 })
  app.route('/delete').post(recently, deletion(auth)).delete(recently, deletion(auth))

  app.use(() => {
    throw new AuthError('not_found')
  })
  app.use(answerError(auth))
  return app
}

/** Answers are for one person only. */
const noStore: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store')
  next()
}

/** Lets in who has the cookies of a session, and prolongs it: `strict` asks, and tells, the store each time. */
function signedIn(auth: Auth<Profile>, requirement: Requirement = {}): RequestHandler {
  const guard = auth.guard({ ...requirement, transport: 'cookie', consistency: 'strict' })
  return async (request, response, next) => {
    const admission = await guard(plainRequest(request, { url: request.url }))
    if (admission.admitted) {
      letIn(request, response, auth, admission)
      return next()
    }
    answer(request, response, admission.reply, { done: '', members: {} })
  }
}
