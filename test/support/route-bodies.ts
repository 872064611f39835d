import { type AuthOptions, generateSigningKey } from '@latchkey/core'
import { PASSWORD } from './setup.ts'

/** A body that the schema of a route takes, whatever becomes of it then. */
export interface RouteBody {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As the route names it. */
  readonly path: string
  /** The path of a request: for an id, that of nobody. */
  readonly at: string
  readonly body: Readonly<Record<string, unknown>>
  /** Whether the route wants a session. */
  readonly own?: true
}

const token = 'A'.repeat(43)
const newPassword = 'another fine password'
const refreshToken = `lk1.${'A'.repeat(12)}.0190a5f2-0000-7000-8000-000000000000.1.${token}`
const identifier = 'nobody@example.com'
const code = '12345678'
// What no account of a test has: none of these bodies ends one.
const currentPassword = 'nobody has this one'

/** Settings under which every route is served. */
export const everyRoute = {
  identifiers: ['email', 'username', 'phone'],
  optionalIdentifiers: ['username', 'phone'],
  impersonation: true,
  signing: { keys: [generateSigningKey()] },
} satisfies Partial<AuthOptions>

const NOBODY = '0190a5f2-0000-7000-8000-000000000000'

const rows: readonly (Omit<RouteBody, 'method' | 'at'> & Partial<Pick<RouteBody, 'method'>>)[] = [
  {
    path: '/register',
    body: { email: 'new@example.com', username: 'newcomer', password: PASSWORD },
  },
  { path: '/activate', body: { token } },
  { path: '/activate', body: { identifier, code } },
  { path: '/activate/resend', body: { identifier } },
  { path: '/login', body: { identifier, password: PASSWORD, device: { name: 'Telephone' } } },
  { path: '/refresh', body: { refreshToken } },
  { path: '/logout', body: { refreshToken } },
  { path: '/revoke', body: { token, token_type_hint: 'refresh_token' } },
  { path: '/password/change', own: true, body: { currentPassword: PASSWORD, newPassword } },
  { path: '/password/forgot', body: { identifier } },
  { path: '/password/reset', body: { token, newPassword } },
  { path: '/password/reset', body: { identifier, code, newPassword } },
  { path: '/email/change', own: true, body: { email: 'new@example.org', currentPassword } },
  { path: '/email/confirm', own: true, body: { token } },
  { path: '/email/confirm', own: true, body: { code } },
  { path: '/email/undo', body: { token } },
  { path: '/phone/change', own: true, body: { phone: '+14155552671', currentPassword } },
  { path: '/phone/confirm', own: true, body: { code } },
  { method: 'PATCH', path: '/me', own: true, body: { username: 'another', currentPassword } },
  { method: 'DELETE', path: '/me', own: true, body: { currentPassword } },
  {
    path: '/users',
    own: true,
    body: { email: 'new@example.net', username: 'invited', roles: ['user'] },
  },
  {
    method: 'PATCH',
    path: '/users/:id',
    own: true,
    body: { email: 'other@example.net', username: 'renamed' },
  },
  { method: 'PUT', path: '/users/:id/roles', own: true, body: { roles: ['user'] } },
  { path: '/invitation/accept', body: { token, password: newPassword, username: 'chosen' } },
]

/**
 * For every route that takes a JSON body, under {@link everyRoute}, from an administrator; `members.test.ts` says that
 * none is missing.
 */
export const routeBodies: readonly RouteBody[] = rows.map((row) => ({
  method: 'POST',
  at: row.path.replace(':id', NOBODY),
  ...row,
}))

/** A member of a body, by the names that lead to it. */
export type MemberPath = readonly [string, ...string[]]

/** Every member that holds a string, however deep. */
export function stringMembers(body: object): readonly MemberPath[] {
  return Object.entries(body).flatMap(([name, value]): MemberPath[] =>
    typeof value === 'string'
      ? [[name]]
      : stringMembers(value).map((path): MemberPath => [name, ...path]),
  )
}

/** The body with another value in that place. */
export function withMember(body: object, path: MemberPath, value: unknown): object {
  const [name, next, ...rest] = path
  const members = Array.isArray(body) ? [...body] : { ...body }
  const inner: unknown = Reflect.get(members, name)
  const changed = next === undefined ? value : withMember(Object(inner), [next, ...rest], value)
  Reflect.set(members, name, changed)
  return members
}
