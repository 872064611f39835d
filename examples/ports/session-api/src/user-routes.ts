import type { Auth, Client, Principal, ShownAccount } from '@latchkey/core'
import { authOf, clientOf, requireAuth } from '@latchkey/express-adapter'
import { Router } from 'express'

/** Accounts, for administrators. */
export function userRoutes(auth: Auth): Router {
  const router = Router()

  router.get('/AllUsers', requireAuth(auth), async (request, response) => {
    const users = await allUsers(auth, authOf(request), clientOf(auth, request))
    response.json({ users: users.map(user) })
  })

  // `createUser` is for the application's own code and asks nobody: the guard is all that stands before it.
  const mayCreate = requireAuth(auth, { permission: 'users:write', consistency: 'strict' })
  router.post('/new', mayCreate, async (request, response) => {
    const { username, password, email } = Object(request.body)
    // Latchkey takes an account without an address; this request does not.
    const created = await auth.createUser({ username, password, email: email ?? '' })
    response.json({ user_id: created.id })
  })

  // Nothing but the token says who asks: so it has to be of a recent login, whomever it removes.
  const mayRemove = requireAuth(auth, { maxAge: 15 * 60, consistency: 'strict' })
  router.post('/remove', mayRemove, async (request, response) => {
    const by = authOf(request)
    const { id } = Object(request.body)
    const client = clientOf(auth, request)
    if (id === by.user.id) await auth.deleteAccount(by, { recentLogin: true }, client)
    else await auth.deleteUser(by, id, client)
    response.json({ status: 'removed' })
  })

  return router
}

async function allUsers(auth: Auth, by: Principal, client: Client): Promise<ShownAccount[]> {
  const users: ShownAccount[] = []
  let cursor: string | undefined
  do {
    const page = await auth.listUsers(by, { limit: 200, cursor }, client)
    users.push(...page.users)
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return users
}

function user({ id, username, email, createdAt }: ShownAccount) {
  return { id, username, email, created_at: createdAt }
}
