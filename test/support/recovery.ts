import { PASSWORD, type Setup, tokenIn } from './setup.ts'

export const NEW_PASSWORD = 'another fine password'

/** Asks for a password reset and resolves the secrets of its message. */
export async function requestReset({ auth, outbox }: Setup, email: string) {
  await auth.forgotPassword({ identifier: email })
  const message = await outbox.next('reset_password', email)
  return { token: tokenIn(message.link), code: message.code ?? '', message }
}

/** A code that is not this one. */
export function wrongCode(code: string, step = 1): string {
  const { length } = code
  return String((Number(code) + step) % 10 ** length).padStart(length, '0')
}

/** Whether that password logs in. */
export async function logsIn(
  { auth }: Setup,
  email: string,
  password = PASSWORD,
): Promise<boolean> {
  try {
    await auth.login({ identifier: email, password })
    return true
  } catch {
    return false
  }
}

/** The refusal of a promise as its code; `null` when it resolved. */
export async function refusalOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
