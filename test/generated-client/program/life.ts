// @ts-nocheck The test generates the types, takes this line away and then has the program checked.
import createClient from 'openapi-fetch'
import type { paths } from './accounts.ts'

/** Resolves the code of the next message of that kind. */
export type NextCode = (kind: 'activate' | 'reset_password') => Promise<string>

const ADA = 'ada@example.com'
const PASSWORD = 'correct horse battery'
const SECOND_PASSWORD = 'another fine password'
const THIRD_PASSWORD = 'a third one, just as good'

/** The whole life of an account, as a client sees it. Resolves what happened. */
export async function live(baseUrl: string, nextCode: NextCode): Promise<readonly string[]> {
  const client = createClient<paths>({ baseUrl })
  const happened: string[] = []
  const note = (what: string, { status }: Response) => happened.push(`${what}: ${status}`)
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

  /** Logs in, and resolves the session. */
  async function login(password: string) {
    const { data, error, response } = await client.POST('/login', {
      body: { identifier: ADA, password, device: { name: 'Telephone' } },
    })
    note('log in', response)
    if (data === undefined) throw new Error(`login: ${adviceFor(error.code)}`)
    return data
  }

  const registered = await client.POST('/register', { body: { email: ADA, password: PASSWORD } })
  note('register', registered.response)

  const early = await client.POST('/login', { body: { identifier: ADA, password: PASSWORD } })
  note('log in too early', early.response)
  if (early.error !== undefined) happened.push(adviceFor(early.error.code))

  const activated = await client.POST('/activate', {
    body: { identifier: ADA, code: await nextCode('activate') },
  })
  note(`activate ${activated.data?.user.email}`, activated.response)

  await login(PASSWORD)
  const first = await login(PASSWORD)
  const me = await client.GET('/me', bearer(first.accessToken))
  note(`read ${me.data?.username ?? me.data?.email}, ${me.data?.roles.join()}`, me.response)
  const listed = await client.GET('/sessions', bearer(first.accessToken))
  const sessions = listed.data?.sessions.map(({ current }) => (current ? 'this' : 'that'))
  note(`list ${sessions?.sort().join(' and ')}`, listed.response)

  const refreshed = await client.POST('/refresh', { body: { refreshToken: first.refreshToken } })
  note('refresh', refreshed.response)
  const refusal = await client.POST('/password/change', {
    ...bearer(refreshed.data?.accessToken ?? ''),
    body: { currentPassword: PASSWORD, newPassword: 'short' },
  })
  note('change to a short password', refusal.response)
  for (const { pointer, code } of refusal.error?.errors ?? []) happened.push(`${pointer} ${code}`)
  const changed = await client.POST('/password/change', {
    ...bearer(refreshed.data?.accessToken ?? ''),
    body: { currentPassword: PASSWORD, newPassword: SECOND_PASSWORD },
  })
  note('change the password', changed.response)

  const other = await login(SECOND_PASSWORD)
  const own = bearer(changed.data?.accessToken ?? '')
  const id = other.sessionId
  const ended = await client.DELETE('/sessions/{id}', { ...own, params: { path: { id } } })
  note('end that session', ended.response)
  const endedAgain = await client.DELETE('/sessions/{id}', { ...own, params: { path: { id } } })
  note(`end it again, ${endedAgain.error?.code}`, endedAgain.response)
  note('end the others', (await client.DELETE('/sessions', own)).response)

  const forgot = await client.POST('/password/forgot', { body: { identifier: ADA } })
  note('forget the password', forgot.response)
  const code = await nextCode('reset_password')
  const reset = await client.POST('/password/reset', {
    body: { identifier: ADA, code, newPassword: THIRD_PASSWORD },
  })
  note('reset the password', reset.response)

  const last = await login(THIRD_PASSWORD)
  note('log out', (await client.POST('/logout', bearer(last.accessToken))).response)
  const token = last.refreshToken
  note('revoke', (await client.POST('/revoke', { body: { token } })).response)
  const after = await client.GET('/me', bearer(last.accessToken))
  note(`read the account, ${after.error?.code}`, after.response)
  return happened
}

type LoginRefusal = paths['/login']['post']['responses'][
  | 400
  | 401
  | 403
  | 413
  | 415
  | 422
  | 429
  | 500
  | 503]

/** What to tell the user. Does not compile when a code is missing, or one more than the document names. */
function adviceFor(code: LoginRefusal['content']['application/problem+json']['code']): string {
  switch (code) {
    case 'invalid_credentials':
      return 'check your name and your password'
    case 'account_not_activated':
      return 'open the message that we have sent you'
    case 'rate_limited':
    case 'overloaded':
    case 'unavailable':
      return 'try again soon'
    case 'invalid_request':
    case 'payload_too_large':
    case 'unsupported_media_type':
    case 'invalid_input':
    case 'internal_error':
      return 'something is wrong with this program'
    default:
      return code satisfies never
  }
}
