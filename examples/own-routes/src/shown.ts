import type { ShownSession, ShownTokens, ShownUser } from '@latchkey/core'

/** An account, as this API shows it. */
export function account({ id, email, createdAt }: ShownUser) {
  return { account_id: id, email, created_at: createdAt }
}

/** What a client gets when a session begins or goes on. */
export function tokens({ accessToken, refreshToken, expiresIn, sessionId }: ShownTokens) {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresIn,
    session_id: sessionId,
  }
}

/** One of somebody's own sessions. */
export function session({ id, current, deviceName, userAgent, ip, lastSeenAt }: ShownSession) {
  return {
    session_id: id,
    current,
    device_name: deviceName,
    user_agent: userAgent,
    ip,
    last_seen_at: lastSeenAt,
  }
}
