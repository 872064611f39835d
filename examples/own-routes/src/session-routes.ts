import type { Auth } from '@latchkey/core'
import { bearerToken, clientOf } from '@latchkey/core/node'
import { Router } from 'express'
import { principalOf, signedIn, signedInWithin } from './authentication.ts'
import { has, strings } from './fields.ts'
import { account, session, tokens } from './shown.ts'

/** Sessions from the sign-in to the sign-out. */
export function sessionRoutes(auth: Auth, now: () => Date): Router {
  const router = Router()

  router.post('/signin', async (request, response) => {
    const { email, password } = strings(request, 'email', 'password')
    const device = has(request, 'device_name')
      ? { name: strings(request, 'device_name').device_name }
      : {}
    const started = await auth.login(
      { identifier: email, password, device },
      clientOf(auth, request),
    )
    response.json({ ...tokens(started), account: account(started.user) })
  })

  router.post('/token', async (request, response) => {
    const { refresh_token: refreshToken } = strings(request, 'refresh_token')
    response.json(tokens(await auth.refresh({ refreshToken }, clientOf(auth, request))))
  })

  // Either token will do, also an access token that has expired: so not behind `signedIn`.
  router.post('/signout', async (request, response) => {
    await auth.logout(bearerToken(request), clientOf(auth, request))
    response.status(204).end()
  })

  // The same for whoever holds the token of another: says nothing of whether it was one.
  router.post('/revocation', async (request, response) => {
    await auth.revoke(strings(request, 'token'), clientOf(auth, request))
    response.status(204).end()
  })

  router.use('/sessions', signedIn(auth))
  router.get('/sessions', async (_request, response) => {
    const sessions = await auth.listSessions(principalOf(response))
    response.json({ sessions: sessions.map(session) })
  })

  router.delete('/sessions/:id', async (request, response) => {
    await auth.endSession(principalOf(response), request.params.id, clientOf(auth, request))
    response.status(204).end()
  })

  router.delete('/sessions', signedInWithin(15, now), async (request, response) => {
    await auth.endOtherSessions(principalOf(response), clientOf(auth, request))
    response.status(204).end()
  })

  return router
}
