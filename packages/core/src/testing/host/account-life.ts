import { expectEqual, expectMembers } from '../assertions.ts'
import { NEW_PASSWORD, PASSWORD, secretsOf } from '../flows/account.ts'
import {
  ask,
  askGuarded,
  expectProblem,
  expectStatus,
  type HostGroup,
  hostCase,
  logIn,
} from './stage.ts'

/** The whole of it, from the registration to the last logout. */
export const accountLife: HostGroup = {
  title: 'the life of an account',
  cases: [
    hostCase('begins with a registration and a code', async (stage) => {
      const { email } = stage.setup.mallory
      const registration = { email, password: PASSWORD }
      expectStatus(await ask(stage, 'POST', '/register', { body: registration }), 202, 'register')
      const { code } = await secretsOf(stage.setup, 'activate', stage.setup.mallory)
      const activation = await ask(stage, 'POST', '/activate', {
        body: { identifier: email, code },
      })
      expectMembers(JSON.parse(activation.body).user, { email, emailVerified: true })
      const login = { identifier: email, password: PASSWORD }
      expectStatus(await ask(stage, 'POST', '/login', { body: login }), 200, 'the login')
    }),
    hostCase('goes on with sessions that refresh, are listed and end', async (stage) => {
      const first = await logIn(stage)
      const second = await logIn(stage)
      const refreshed = await ask(stage, 'POST', '/refresh', { bearer: second.refreshToken })
      const { accessToken } = JSON.parse(refreshed.body)
      const list = await ask(stage, 'GET', '/sessions', { bearer: accessToken })
      // Ada has a session from before.
      expectEqual(JSON.parse(list.body).sessions.length, 3, 'the sessions')
      const end = await ask(stage, 'DELETE', `/sessions/${first.sessionId}`, {
        bearer: accessToken,
      })
      expectStatus(end, 204, 'the end of the first')
      const over = await ask(stage, 'GET', '/me', { bearer: first.accessToken })
      expectProblem(over, 'invalid_token', 'the first session')
      expectStatus(await ask(stage, 'GET', '/me', { bearer: accessToken }), 200, 'the second')
    }),
    hostCase('has passwords that change and are reset', async (stage) => {
      const { accessToken } = await logIn(stage)
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      const changed = await ask(stage, 'POST', '/password/change', { bearer: accessToken, body })
      expectStatus(changed, 200, 'the change')
      const identifier = stage.setup.ada.email
      const forgot = await ask(stage, 'POST', '/password/forgot', { body: { identifier } })
      expectStatus(forgot, 202, 'the request for a reset')
      const { token } = await secretsOf(stage.setup, 'reset_password')
      const reset = { token, newPassword: PASSWORD }
      expectStatus(await ask(stage, 'POST', '/password/reset', { body: reset }), 204, 'the reset')
      await logIn(stage)
    }),
    hostCase(
      'ends with a logout that is felt at once, in front of the guard too',
      async (stage) => {
        const { accessToken } = await logIn(stage)
        const authorization = `Authorization: Bearer ${accessToken}`
        expectStatus(await askGuarded(stage, authorization), 200, 'the guarded route')
        expectStatus(
          await ask(stage, 'POST', '/logout', { bearer: accessToken }),
          204,
          'the logout',
        )
        expectProblem(await askGuarded(stage, authorization), 'invalid_token', 'the guarded route')
        expectStatus(await ask(stage, 'POST', '/logout', { bearer: accessToken }), 204, 'once more')
      },
    ),
  ],
}
