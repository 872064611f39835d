import { type Auth, AuthError } from '@latchkey/core'
import type { Outbox } from '@latchkey/core/testing'
import { linkToken } from './tour/reading.ts'

export const ADMIN_EMAIL = 'admin@example.com'

/** Makes the administrator of the first start. At later starts, whose password may be another, changes it. */
export async function welcomeAdministrator(
  auth: Auth,
  outbox: Outbox,
  password: string,
): Promise<void> {
  try {
    await auth.createUser({ email: ADMIN_EMAIL, password, roles: ['user', 'admin'] })
  } catch (error) {
    if (!(error instanceof AuthError) || error.code !== 'email_taken') throw error
    if (!(await logsIn(auth, password))) await resetPassword(auth, outbox, password)
  }
}

async function logsIn(auth: Auth, password: string): Promise<boolean> {
  try {
    const { refreshToken } = await auth.login({ identifier: ADMIN_EMAIL, password })
    await auth.logout(refreshToken)
    return true
  } catch (error) {
    if (error instanceof AuthError && error.code === 'invalid_credentials') return false
    throw error
  }
}

/** As anybody does who has forgotten theirs. */
async function resetPassword(auth: Auth, outbox: Outbox, newPassword: string): Promise<void> {
  await auth.forgotPassword({ identifier: ADMIN_EMAIL })
  const message = await outbox.next('reset_password', ADMIN_EMAIL)
  await auth.resetPassword({
    token: linkToken({ messages: [message] }, 'reset_password', ADMIN_EMAIL),
    newPassword,
  })
}
