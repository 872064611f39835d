import { AuthError, escapeHtml } from '@latchkey/core'
import { plainRequest, sendReply } from '@latchkey/core/node'
import { authOf, clientOf, requireAuth } from '@latchkey/express-adapter'
import { type RequestHandler, Router } from 'express'
import type { Accounts } from './accounts.ts'
import { account, tokens } from './shown.ts'

/** Latchkey's own routes read HTTP Basic and the token headers. Only a success is told in the words of this API. */
export function sessionRoutes(auth: Accounts): Router {
  const router = Router().post('/login', wantBasic(auth))
  return router.post(['/login', '/refresh', '/logout'], async (request, response, next) => {
    const plain = plainRequest(request, { url: request.url })
    const reply = await auth.handle({ ...plain, body: null }) // nothing but headers counts
    if (reply === null) return next()
    if (reply.status !== 200) return sendReply(request, response, reply)
    response.json(tokens(JSON.parse(String(reply.body))))
  })
}

/** Latchkey itself would ask for a body where there is no HTTP Basic. */
function wantBasic(auth: Accounts): RequestHandler {
  return (request, response, next) => {
    const reply = auth.problem(new AuthError('invalid_credentials'))
    if (reply === null || /^basic\b/i.test(request.get('authorization') ?? '')) return next()
    const challenge = { 'www-authenticate': 'Basic realm="login", charset="UTF-8"' }
    sendReply(request, response, { ...reply, headers: { ...reply.headers, ...challenge } })
  }
}

/** The link that proves an address. Mail scanners open it: only the page behind it confirms anything. */
export function confirmRoutes(auth: Accounts): Router {
  const router = Router()
  router.get('/', (request, response) => {
    const { token } = Object(request.query)
    if (typeof token !== 'string' || token === '') throw new AuthError('invalid_one_time_token')
    response.send(`<!doctype html><title>Confirm your e-mail address</title>
<form method="post" action="/api/v1/confirm">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<p>Is this your account? <button>Confirm the address</button></p></form>`)
  })
  router.post('/', async (request, response) => {
    await auth.verifyEmail(Object(request.body), clientOf(auth, request))
    response.json({ status: 'email_verified' })
  })
  return router
}

/** Accounts, for their owners and for administrators. What a request may say is for Latchkey to judge. */
export function accountRoutes(auth: Accounts): Router {
  const router = Router()
  router.post('/users', async (request, response) => {
    const { email, password, ...profile } = Object(request.body)
    await auth.register({ email, password, profile }, clientOf(auth, request))
    response.status(201).json({ status: 'registered' }) // also where the address has an account
  })

  router.use('/users/me', requireAuth(auth))
  router.post('/users/me', async (request, response) => {
    response.json(account(await authOf<Accounts>(request).loadUser()))
  })
  router.put('/users/me', async (request, response) => {
    const changes = { profile: Object(request.body) }
    response.json(
      account(await auth.updateAccount(authOf(request), changes, clientOf(auth, request))),
    )
  })
  router.put('/users/me/change_password', async (request, response) => {
    const { current_password, new_password, ...rest } = Object(request.body)
    const passwords = { ...rest, currentPassword: current_password, newPassword: new_password }
    const started = await auth.changePassword(authOf(request), passwords, clientOf(auth, request))
    response.json(tokens(started)) // every older session has ended
  })
  router.post('/users/me/verify_email', async (request, response) => {
    const isSent = await auth.sendEmailVerification(authOf(request), clientOf(auth, request))
    response.json({ status: isSent ? 'mail_sent' : 'nothing_sent' })
  })

  const administers = requireAuth(auth, { role: 'Admin' })
  const hasJustLoggedIn = requireAuth(auth, { role: 'Admin', maxAge: 15 * 60 })
  router.get('/users', administers, async (request, response) => {
    const page = { limit: 200, cursor: Object(request.query).cursor }
    const { users, cursor } = await auth.listUsers(authOf(request), page, clientOf(auth, request))
    response.json({ users: users.map(account), cursor })
  })
  router.get('/users/:id', administers, async (request, response) => {
    const id = request.params.id.toLowerCase()
    response.json(account(await auth.readUser(authOf(request), id, clientOf(auth, request))))
  })
  router.put('/users/:id', hasJustLoggedIn, async (request, response) => {
    const id = request.params.id.toLowerCase()
    const roles = { ...Object(request.body), roles: [Object(request.query).role] }
    response.json(account(await auth.setRoles(authOf(request), id, roles, clientOf(auth, request))))
  })
  router.delete('/users/:id', hasJustLoggedIn, async (request, response) => {
    const id = request.params.id.toLowerCase()
    await auth.deleteUser(authOf(request), id, clientOf(auth, request))
    response.status(204).end()
  })
  return router
}
