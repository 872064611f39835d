import { randomUUID } from 'node:crypto'
import Router from '@koa/router'
import { authErrors, clientOf } from '@latchkey/koa-adapter'
import { success, type UserAuth } from './accounts.ts'

/** Accounts until they are open. `now` is the clock of `auth`. */
export function registrationRoutes(auth: UserAuth, now = () => new Date()): Router {
  const router = new Router({ prefix: '/user' })
  router.use(authErrors(auth, { pointers: { '/identifier': '/mobile', '/phone': '/mobile' } }))

  router.post('/', async (ctx) => {
    const { username, mobile, password } = Object(ctx.request.body)
    const begun = now()
    await auth.register({ username, phone: mobile, password }, clientOf(auth, ctx))
    const data = { mobile, status: false, username, uuid: await uuidOf(auth, username, begun) }
    ctx.status = 201
    ctx.body = { data, message: 'Account created successfully!', status: 201 }
  })

  router.post('/activate-account', async (ctx) => {
    const { mobile: identifier, code, token } = Object(ctx.request.body)
    if (code !== undefined || token !== undefined) {
      ctx.body = success(await auth.activate({ identifier, code, token }, clientOf(auth, ctx)))
      return
    }
    await auth.resendActivation({ identifier }, clientOf(auth, ctx))
    ctx.status = 202 // for every number, whether or not an account waits for its code
    ctx.body = { message: 'A code is on its way, if the account waits for one.', status: 202 }
  })

  return router
}

/**
 * The id of what holds the username that was registered just now: the new account or, where the number had an owner, a
 * record of the name alone. Nobody can tell one from the other: the number of the account is not to be looked for here.
 */
async function uuidOf(auth: UserAuth, username: string, createdFrom: Date): Promise<string> {
  // Finds addresses and longer names that begin so as well: of the accounts of this moment only.
  const found = { search: username, createdFrom, sort: 'username', limit: 200 } as const
  const { users } = await auth.listUsers('system', found)
  const name = username.toLowerCase()
  return users.find((user) => user.username?.toLowerCase() === name)?.id ?? randomUUID()
}
