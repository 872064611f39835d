import type { Auth } from '@latchkey/core'
import { clientOf } from '@latchkey/core/node'
import { type Request, Router } from 'express'
import { principalOf, signedIn } from './authentication.ts'
import { has, strings } from './fields.ts'
import { account, tokens } from './shown.ts'

/** An account from its sign-up on, and its password. */
export function accountRoutes(auth: Auth): Router {
  const router = Router()

  router.post('/signup', async (request, response) => {
    await auth.register(strings(request, 'email', 'password'), clientOf(auth, request))
    response.status(202).json({ status: 'mail_sent' }) // for every address, whether or not it has an account
  })

  router.post('/activation', async (request, response) => {
    const user = await auth.activate(proof(request), clientOf(auth, request))
    response.json(account(user))
  })

  router.post('/activation/mail', async (request, response) => {
    await auth.resendActivation(
      { identifier: strings(request, 'email').email },
      clientOf(auth, request),
    )
    response.status(202).json({ status: 'mail_sent' })
  })

  router.use('/account', signedIn(auth))
  router.get('/account', async (_request, response) => {
    response.json(account(await auth.loadUser(principalOf(response))))
  })

  router.post('/account/password', async (request, response) => {
    const fields = strings(request, 'current_password', 'new_password')
    const input = { currentPassword: fields.current_password, newPassword: fields.new_password }
    const started = await auth.changePassword(principalOf(response), input, clientOf(auth, request))
    response.json(tokens(started)) // every older session has ended
  })

  router.post('/password/mail', async (request, response) => {
    await auth.forgotPassword(
      { identifier: strings(request, 'email').email },
      clientOf(auth, request),
    )
    response.status(202).json({ status: 'mail_sent' })
  })

  router.post('/password', async (request, response) => {
    const newPassword = strings(request, 'new_password').new_password
    await auth.resetPassword({ ...proof(request), newPassword }, clientOf(auth, request))
    response.status(204).end()
  })

  return router
}

/** The token of a link, or else an address and the code that was sent there. */
function proof(request: Request) {
  if (has(request, 'token')) return strings(request, 'token')
  const { email, code } = strings(request, 'email', 'code')
  return { identifier: email, code }
}
