/** The request of Latchkey's that does what a path of this API promises. */
export interface Translation {
  readonly calls: string
  /** The members of a body, and what Latchkey calls them. */
  readonly members: Readonly<Record<string, string>>
  /** What is answered when it went well. */
  readonly done: string
}

export const translations: Readonly<Record<string, Translation>> = {
  '/signup': {
    calls: '/register',
    members: { Username: 'username', Email: 'email', Password: 'password' },
    done: 'user created!',
  },
  '/activate': {
    calls: '/activate',
    members: { token: 'token', email: 'identifier', code: 'code' },
    done: 'account activated!',
  },
  '/signin': {
    calls: '/login',
    members: { Email: 'identifier', Password: 'password' },
    done: 'login successful!',
  },
  '/send-mail': {
    calls: '/password/forgot',
    members: { email: 'identifier' },
    done: 'mail sent!',
  },
  '/new-password': {
    calls: '/password/reset',
    members: { token: 'token', email: 'identifier', code: 'code', password: 'newPassword' },
    done: 'password changed!',
  },
  '/logout': { calls: '/logout', members: {}, done: 'logout successful!' },
}

/** What Latchkey is to hear. What the members hold is for it to judge. */
export function inputOf({ members }: Translation, body: unknown): object {
  const given = Object.entries(members).map(([name, theirs]) => [theirs, Object(body)[name]])
  const { username, ...input } = Object.fromEntries(given)
  return 'Username' in members ? { ...input, profile: { username } } : input
}
