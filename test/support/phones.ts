import type { AuthOptions } from '@latchkey/core'
import { PASSWORD, type Setup } from './setup.ts'

export const PHONE = '+12025550100'
export const OTHER_PHONE = '+12025550199'

/** Options for accounts with a number and nothing else. */
export const WITH_PHONES = { identifiers: ['phone'] } satisfies Partial<AuthOptions>

/** Options for accounts with everything that there is, of which the address activates. */
export const WITH_ALL = {
  identifiers: ['email', 'username', 'phone'],
} satisfies Partial<AuthOptions>

/** Registers a number, and resolves the message that went to it. */
export async function registerPhone({ auth, outbox }: Setup, phone = PHONE, password = PASSWORD) {
  await auth.register({ phone, password })
  const message = await outbox.next('activate', phone)
  return { ...message, code: message.code ?? '' }
}

/** Registers and activates a number, and logs it in. */
export async function phoneAccountOf(setup: Setup, phone = PHONE, password = PASSWORD) {
  const { code } = await registerPhone(setup, phone, password)
  const user = await setup.auth.activate({ identifier: phone, code })
  return { user, session: await setup.auth.login({ identifier: phone, password }) }
}

/** Another code of the same length. */
export function anotherCode(code: string): string {
  return code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))
}
