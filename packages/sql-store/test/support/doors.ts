import type { PlainRequest } from '@latchkey/core'

export const EMAIL = "o'brien_*?#{$}`--&=@example.com"
export const PASSWORD = `' OR 1=1;-- \\" %_ 💡𝔸 \u00e9`

/** A request, as far as it matters. */
export interface Call {
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
}

/** A place at which a client can give text. */
export interface Door {
  readonly title: string
  /** The answer to every unsafe text. */
  readonly status: number
  call(text: string, held: Held): Call
}

/** What Ada holds. */
export interface Held {
  readonly accessToken: string
  readonly refreshToken: string
}

export const login = { identifier: EMAIL, password: PASSWORD }
const newcomer = { email: 'grace@example.com', username: 'grace', password: PASSWORD }
export const bearer = ({ accessToken }: Held) => ({ authorization: `Bearer ${accessToken}` })

/** Every place at which a client can give text. */
export const doors: readonly Door[] = [
  {
    title: 'an e-mail address',
    status: 422,
    call: (email) => post('/register', { ...newcomer, email }),
  },
  {
    title: 'a username',
    status: 422,
    call: (username) => post('/register', { ...newcomer, username }),
  },
  {
    title: 'a password',
    status: 422,
    call: (password) => post('/register', { ...newcomer, password }),
  },
  {
    title: 'the name of a member',
    status: 422,
    call: (name) => post('/register', { ...newcomer, [name]: 'x' }),
  },
  {
    title: 'an identifier',
    status: 401,
    call: (identifier) => post('/login', { ...login, identifier }),
  },
  {
    title: 'a password at the login',
    status: 422,
    call: (password) => post('/login', { ...login, password }),
  },
  {
    title: 'the name of a device',
    status: 422,
    call: (name) => post('/login', { ...login, device: { name } }),
  },
  {
    title: 'a user agent',
    status: 200,
    call: (agent) => post('/login', login, { 'user-agent': agent }),
  },
  {
    title: 'the identifier of an activation',
    status: 400,
    call: (identifier) => post('/activate', { identifier, code: '123456' }),
  },
  { title: 'an activation token', status: 400, call: (token) => post('/activate', { token }) },
  {
    title: 'an activation code',
    status: 400,
    call: (text) => post('/activate', { identifier: EMAIL, code: text.slice(0, 6) }),
  },
  {
    title: 'whom to activate',
    status: 202,
    call: (identifier) => post('/activate/resend', { identifier }),
  },
  {
    title: 'who forgot a password',
    status: 202,
    call: (identifier) => post('/password/forgot', { identifier }),
  },
  {
    title: 'a reset token',
    status: 400,
    call: (token) => post('/password/reset', { token, newPassword: PASSWORD }),
  },
  {
    title: 'a reset code',
    status: 400,
    call: (text) =>
      post('/password/reset', { identifier: EMAIL, code: text.slice(0, 6), newPassword: PASSWORD }),
  },
  {
    title: 'a refresh token',
    status: 401,
    call: (refreshToken) => post('/refresh', { refreshToken }),
  },
  { title: 'a token to revoke', status: 200, call: (token) => post('/revoke', { token }) },
  {
    title: 'the hint of a token to revoke',
    status: 200,
    call: (hint) => post('/revoke', { token: 'x', token_type_hint: hint }),
  },
  {
    title: 'a token to end',
    status: 401,
    call: (refreshToken) => post('/logout', { refreshToken }),
  },
  {
    title: 'the current password',
    status: 422,
    call: (text, held) =>
      post('/password/change', { currentPassword: text, newPassword: PASSWORD }, bearer(held)),
  },
  {
    title: 'a new password',
    status: 422,
    call: (text, held) =>
      post('/password/change', { currentPassword: PASSWORD, newPassword: text }, bearer(held)),
  },
  {
    title: 'an access token',
    status: 401,
    call: (text) => ({ method: 'GET', path: '/me', headers: { authorization: `Bearer ${text}` } }),
  },
]

/** A request with a body. */
export function post(path: string, body: object, headers: Record<string, string> = {}): Call {
  return { path, body, headers }
}

/** As the host hands it over. */
export function plain({ method = 'POST', path, body, headers = {} }: Call): PlainRequest {
  const all: Readonly<Record<string, string>> = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
  return {
    method,
    path,
    query: '',
    header: (name) => all[name] ?? null,
    body: { kind: 'parsed', value: body },
    ip: '203.0.113.7',
  }
}
