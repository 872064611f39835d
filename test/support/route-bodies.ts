import { PASSWORD } from './setup.ts'

/** A body that the schema of a route takes, whatever becomes of it then. */
export interface RouteBody {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  /** Whether the route wants a session. */
  readonly own?: true
}

const token = 'A'.repeat(43)
const newPassword = 'another fine password'
const refreshToken = `lk1.${'A'.repeat(12)}.0190a5f2-0000-7000-8000-000000000000.1.${token}`
const identifier = 'nobody@example.com'
const code = '12345678'

/** For every POST route, for `identifiers: ['email', 'username']`; `http-members.test.ts` says that none is missing. */
export const routeBodies: readonly RouteBody[] = [
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
]

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
  const members: Record<string, unknown> = { ...body }
  members[name] =
    next === undefined ? value : withMember(Object(members[name]), [next, ...rest], value)
  return members
}
