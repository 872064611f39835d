import type { ShownTokens, ShownUser } from '@latchkey/core'
import type { Names } from './accounts.ts'

/** An account, as this API shows it. */
export function account({ id, email, emailVerified, roles, profile, createdAt }: ShownUser<Names>) {
  const [role = null] = roles
  const { first_name, last_name } = profile
  const verified = { email, email_verified: emailVerified }
  return { public_id: id, first_name, last_name, ...verified, role, registered_on: createdAt }
}

/** What a client gets when a session begins or goes on. */
export function tokens({ accessToken, refreshToken, expiresIn }: ShownTokens) {
  return { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn }
}
