import type { Auth, ShownTokens } from '@latchkey/core'
import { authOf, bearerToken, clientOf, requireAuth } from '@latchkey/express-adapter'
import { Router } from 'express'

/** Sessions from the login to the logout, and the password. */
export function sessionRoutes(auth: Auth): Router {
  const router = Router()

  router.post('/login', async (request, response) => {
    const { username_or_password: identifier, password } = Object(request.body)
    const started = await auth.login({ identifier, password }, clientOf(auth, request))
    response.json({ status: 'logged in', user_id: started.user.id, ...tokens(started) })
  })

  router.post('/refresh', async (request, response) => {
    const { refresh_token: refreshToken } = Object(request.body)
    const refreshed = await auth.refresh({ refreshToken }, clientOf(auth, request))
    response.json({ status: 'logged in', ...tokens(refreshed) })
  })

  // A token that has expired will do here: so not behind a guard.
  router.post('/logout', async (request, response) => {
    await auth.logout(bearerToken(request), clientOf(auth, request))
    response.json({ status: 'logged out' })
  })

  router.post('/revoke', async (request, response) => {
    await auth.revoke({ token: bearerToken(request) }, clientOf(auth, request))
    response.json({ status: 'revoked' })
  })

  router.post('/change_password', requireAuth(auth), async (request, response) => {
    const { old_password: currentPassword, new_password: newPassword } = Object(request.body)
    const input = { currentPassword, newPassword }
    const started = await auth.changePassword(authOf(request), input, clientOf(auth, request))
    // Latchkey opens a session for who changed it; here all end, and the client logs in again.
    await auth.logout(started.refreshToken, clientOf(auth, request))
    response.json({ status: 'password changed' })
  })

  return router
}

function tokens({ accessToken, refreshToken, expiresIn }: ShownTokens) {
  return { token: accessToken, refresh_token: refreshToken, expires_in: expiresIn }
}
