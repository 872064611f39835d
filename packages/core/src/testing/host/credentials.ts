import { expectEqual } from '../assertions.ts'
import { PASSWORD } from '../flows/account.ts'
import { settle } from '../flows/set-up.ts'
import {
  ask,
  askGuarded,
  expectProblem,
  expectStatus,
  type HostGroup,
  hostCase,
  logIn,
  type Stage,
} from './stage.ts'

const basic = ({ setup }: Stage, password = PASSWORD) =>
  `Authorization: Basic ${Buffer.from(`${setup.ada.email}:${password}`).toString('base64')}`

/** Who asks. */
export const credentials: HostGroup = {
  title: 'credentials',
  cases: [
    hostCase('S051 are asked for where there are none', async (stage) => {
      for (const answer of [await askGuarded(stage), await ask(stage, 'GET', '/me')]) {
        expectProblem(answer, 'unauthenticated', 'nobody')
        expectEqual(answer.headers['www-authenticate'], 'Bearer', 'the challenge')
      }
    }),
    hostCase('S050 are refused when there are two', async (stage) => {
      const { accessToken } = await logIn(stage)
      const good = `Authorization: Bearer ${accessToken}`
      const pairs = [
        [good, good],
        [good, 'authorization: Bearer x'],
        ['Authorization: Bearer x', good],
      ]
      for (const pair of pairs) {
        const answers = [
          await askGuarded(stage, ...pair),
          await ask(stage, 'GET', '/me', { headers: pair }),
        ]
        for (const answer of answers) expectProblem(answer, 'invalid_request', 'two credentials')
      }
    }),
    hostCase('S050 are not looked for in the query', async (stage) => {
      const { accessToken } = await logIn(stage)
      const answer = await ask(stage, 'GET', `/me?access_token=${accessToken}`)
      expectProblem(answer, 'unauthenticated', 'a token in the query')
    }),
    hostCase('S033 may be a name and a password, for a login', async (stage) => {
      const login = await ask(stage, 'POST', '/login', { headers: [basic(stage)] })
      expectStatus(login, 200, 'the login')
      const wrong = await ask(stage, 'POST', '/login', { headers: [basic(stage, 'wrong')] })
      expectProblem(wrong, 'invalid_credentials', 'a wrong password')
      expectEqual(
        wrong.headers['www-authenticate'],
        'Basic realm="login", charset="UTF-8"',
        'the challenge',
      )
    }),
    hostCase('S050 S033 are refused in the header and the body at once', async (stage) => {
      const body = { identifier: stage.setup.ada.email, password: PASSWORD }
      const both = await ask(stage, 'POST', '/login', { headers: [basic(stage)], body })
      expectProblem(both, 'invalid_request', 'a login')
      const { refreshToken } = await logIn(stage)
      const twice = { bearer: refreshToken, body: { refreshToken } }
      expectProblem(await ask(stage, 'POST', '/refresh', twice), 'invalid_request', 'a refresh')
    }),
    hostCase(
      'S030 are told with the address of the peer, whatever was forwarded',
      async (stage) => {
        const body = { identifier: stage.setup.ada.email, password: PASSWORD }
        const headers = ['X-Forwarded-For: 192.0.2.66', 'Forwarded: for=192.0.2.66']
        await ask(stage, 'POST', '/login', { body, headers })
        await settle(stage.setup)
        const addresses = stage.setup.events.flatMap((event) =>
          event.type === 'session.started' ? [event.client?.ip] : [],
        )
        const local = ['127.0.0.1', '::1', '::ffff:127.0.0.1']
        expectEqual(
          addresses.map((address) => local.includes(address ?? '')),
          [true],
          `the address in the audit log (${addresses})`,
        )
      },
    ),
  ],
}
