import Router from '@koa/router'
import { AuthError } from '@latchkey/core'
import { authOf, clientOf, requireAuth } from '@latchkey/koa-adapter'
import type { Context, Middleware } from 'koa'
import { shownAccount, success, type UserAuth } from './accounts.ts'
import { changeOther, changeOwn } from './changes.ts'
import { shownTokens } from './session-routes.ts'

/** Accounts that are open: for their owners, and for administrators. */
export function accountRoutes(auth: UserAuth): Router {
  const router = new Router({ prefix: '/user' })
  const guard = requireAuth(auth)

  router.get('/', guard, async (ctx) => {
    const page = { limit: 200, ...(ctx.query.cursor && { cursor: String(ctx.query.cursor) }) }
    const { users, cursor } = await auth.listUsers(authOf(ctx), page, clientOf(auth, ctx))
    ctx.body = { cursor, data: users.map(shownAccount), message: 'Success!', status: 200 }
  })

  router.get('/:uuid', guard, async (ctx) => {
    const { id, isOwn } = meant(ctx)
    const me = authOf<UserAuth>(ctx)
    ctx.body = success(await (isOwn ? me.loadUser() : auth.readUser(me, id, clientOf(auth, ctx))))
  })

  router.patch('/:uuid', guard, async (ctx) => {
    const { id, isOwn } = meant(ctx)
    ctx.body = isOwn ? await changeOwn(auth, ctx) : await changeOther(auth, ctx, id)
  })

  router.post('/confirm-email/:uuid', guard, ownOnly, async (ctx) => {
    const { code, token } = Object(ctx.request.body)
    ctx.body = success(await auth.confirmEmail(authOf(ctx), { code, token }, clientOf(auth, ctx)))
  })

  router.post('/confirm-mobile/:uuid', guard, ownOnly, async (ctx) => {
    const { code } = Object(ctx.request.body)
    ctx.body = success(await auth.confirmPhone(authOf(ctx), { code }, clientOf(auth, ctx)))
  })

  router.post('/change-password/:uuid', guard, ownOnly, async (ctx) => {
    const { old_password: currentPassword, new_password: newPassword } = Object(ctx.request.body)
    const input = { currentPassword, newPassword }
    const started = await auth.changePassword(authOf(ctx), input, clientOf(auth, ctx))
    ctx.body = { message: 'Success!', ...shownTokens(started) } // every older session has ended
  })

  // The request has no room for a password: so the login must be a quarter of an hour old at most.
  const recently = requireAuth(auth, { maxAge: 900, consistency: 'strict' })
  router.delete('/:uuid', recently, async (ctx) => {
    const { id, isOwn } = meant(ctx)
    const [me, client] = [authOf<UserAuth>(ctx), clientOf(auth, ctx)]
    if (isOwn) await auth.deleteAccount(me, { recentLogin: true }, client)
    else await auth.deleteUser(me, id, client)
    ctx.body = { message: 'User deleted.', status: 200 }
  })

  return router
}

/** Whose account the path means, and whether it is that of whoever asks. */
function meant(ctx: Context): { readonly id: string; readonly isOwn: boolean } {
  const id: string = ctx.params.uuid
  return { id, isOwn: id === authOf(ctx).user.id }
}

const ownOnly: Middleware = (ctx, next) => {
  if (!meant(ctx).isOwn) throw new AuthError('forbidden')
  return next()
}
