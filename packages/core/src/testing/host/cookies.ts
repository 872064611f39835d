import { expectEqual } from '../assertions.ts'
import { PASSWORD } from '../flows/account.ts'
import {
  ask,
  askGuarded,
  expectProblem,
  expectStatus,
  type HostGroup,
  hostCase,
  type Stage,
} from './stage.ts'
import type { WireAnswer } from './wire.ts'

// As the browser of the auth's own page says it.
const FROM_PAGE = ['Origin: https://app.example', 'Sec-Fetch-Site: same-origin']
const OPTIONS = { transport: 'cookie' } as const
const AFTER_ACCESS_TOKEN = 11 * 60

/** Tokens that travel in cookies. */
export const cookies: HostGroup = {
  title: 'cookies',
  cases: [
    hostCase(
      'S067 S068 are set in a line each, and tokens stand nowhere else',
      async (stage) => {
        const answer = await logIn(stage)
        expectEqual(namesOf(answer), ['__Host-at', '__Host-rt', '__Host-csrf'], 'the cookies')
        const hidden = answer.setCookies.filter((line) => line.includes('; HttpOnly'))
        for (const line of hidden) {
          const { value } = parse(line)
          expectEqual([value.length > 40, answer.body.includes(value)], [true, false], 'a token')
        }
        expectEqual(hidden.length, 2, 'tokens')
      },
      OPTIONS,
    ),
    hostCase(
      'are renewed by a guard and by our routes, and set beside the answer',
      async (stage) => {
        let cookie = cookieOf(await logIn(stage))
        for (const place of ['guarded', 'own'] as const) {
          stage.setup.clock.advance(AFTER_ACCESS_TOKEN)
          const answer =
            place === 'guarded'
              ? await askGuarded(stage, cookie)
              : await ask(stage, 'GET', '/me', { headers: [cookie] })
          expectStatus(answer, 200, place)
          expectEqual(namesOf(answer).length, 3, `the cookies of an answer: ${place}`)
          cookie = cookieOf(answer)
        }
      },
      OPTIONS,
    ),
    hostCase(
      'S069 are refused when one stands there twice, be it in two lines',
      async (stage) => {
        const cookie = cookieOf(await logIn(stage))
        for (const second of ['Cookie: __Host-at=x', cookie]) {
          const doubled = [cookie, second]
          expectProblem(await askGuarded(stage, ...doubled), 'invalid_request', 'a guard')
          const own = await ask(stage, 'GET', '/me', { headers: doubled })
          expectProblem(own, 'invalid_request', 'a route')
        }
      },
      OPTIONS,
    ),
    hostCase(
      'S072 are not set for another page',
      async (stage) => {
        const body = { identifier: stage.setup.ada.email, password: PASSWORD }
        const headers = ['Origin: https://evil.example']
        const answer = await ask(stage, 'POST', '/login', { headers, body })
        expectProblem(answer, 'csrf_failed', 'a login')
      },
      OPTIONS,
    ),
  ],
}

async function logIn(stage: Stage): Promise<WireAnswer> {
  const body = { identifier: stage.setup.ada.email, password: PASSWORD }
  const answer = await ask(stage, 'POST', '/login', { headers: FROM_PAGE, body })
  expectStatus(answer, 200, 'the login')
  return answer
}

function namesOf({ setCookies }: WireAnswer): readonly string[] {
  return setCookies.map((line) => parse(line).name).filter((name) => name.startsWith('__Host-'))
}

/** The header with which a browser sends them back. */
function cookieOf({ setCookies }: WireAnswer): string {
  return `Cookie: ${setCookies.map((line) => line.split(';', 1)[0]).join('; ')}`
}

function parse(line: string): { readonly name: string; readonly value: string } {
  const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
  return { name, value }
}
