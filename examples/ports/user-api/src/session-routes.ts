import Router from '@koa/router'
import type { ShownTokens } from '@latchkey/core'
import { authOf, bearerToken, clientOf, requireAuth } from '@latchkey/koa-adapter'
import type { UserAuth } from './accounts.ts'

/** Sessions from the login to the logout. */
export function sessionRoutes(auth: UserAuth): Router {
  const router = new Router({ prefix: '/user' })

  router.post('/login', async (ctx) => {
    const { username: identifier, password } = Object(ctx.request.body)
    ctx.body = shownTokens(await auth.login({ identifier, password }, clientOf(auth, ctx)))
  })

  // The newer refresh token is for the next time. The one before works until the new tokens are used.
  router.get('/refresh-token', async (ctx) => {
    ctx.body = shownTokens(
      await auth.refresh({ refreshToken: bearerToken(ctx) }, clientOf(auth, ctx)),
    )
  })

  router.get('/logout', requireAuth(auth), async (ctx) => {
    const { username } = await authOf(ctx).loadUser()
    await auth.logout(bearerToken(ctx), clientOf(auth, ctx))
    ctx.body = { message: `User ${username} successfully logged out.` }
  })

  return router
}

/** What a client gets when a session begins or goes on. */
export function shownTokens({ accessToken, refreshToken }: ShownTokens) {
  return { access_token: accessToken, refresh_token: refreshToken }
}
