import type { AuthOptions, Principal } from '@latchkey/core'
import { createOutbox, type Outbox } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { intercept } from './nodes.ts'
import { loginOutcome } from './onboarding.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from './setup.ts'

export const ADA = 'ada@example.com'
export const NEW = 'ada@example.org'
export const PHONE = '+14155552671'
export const OTHER_PHONE = '+14155552672'

/** An account that is logged in, as the flows of the own account want it. */
export async function ownerOf(setup: Setup, email = ADA) {
  const account = await accountOf(setup, email)
  return { ...account, principal: await principalOf(setup, email) }
}

/** Logs in, and resolves who that is. */
export async function principalOf(
  { auth }: Setup,
  identifier = ADA,
  password = PASSWORD,
): Promise<Principal> {
  return auth.authenticate((await auth.login({ identifier, password })).accessToken)
}

/** Asks for another address, and resolves what is sent to it. */
export async function askForEmail(setup: Setup, principal: Principal, email = NEW) {
  await setup.auth.changeEmail(principal, { email, currentPassword: PASSWORD })
  const message = await setup.outbox.next('change_email', email)
  return { token: tokenIn(message.link), code: message.code ?? '', message }
}

/** Changes the address, and resolves the token of the link by which the old one can undo it; `''` when it has none. */
export async function changeEmailTo(setup: Setup, principal: Principal, email: string) {
  const { email: old } = await setup.auth.loadUser(principal)
  const { token } = await askForEmail(setup, principal, email)
  const user = await setup.auth.confirmEmail(principal, { token })
  const notice = await setup.outbox.next('email_changed', old ?? '')
  return { user, notice, undo: tokenIn(notice.link) }
}

/** Which of these addresses or names log in. */
export async function whoLogsIn(setup: Setup, identifiers: readonly string[], password = PASSWORD) {
  const outcomes = await Promise.all(identifiers.map((one) => loginOutcome(setup, one, password)))
  return identifiers.filter((_, index) => outcomes[index] === 'ok')
}

/** A setup with telephones, whose messages stand in an outbox of their own. */
export function setUpWithPhones(
  options: Partial<AuthOptions> = {},
): Setup & { readonly sms: Outbox } {
  const sms = createOutbox()
  const phones = { identifiers: ['email', 'phone'], optionalIdentifiers: ['phone'] } as const
  return { ...setUp({ ...phones, sms: sms.send, ...options }), sms }
}

/** Asks for another number, and resolves the code that is sent to it. */
export async function askForPhone(
  { auth, sms }: Setup & { readonly sms: Outbox },
  principal: Principal,
  phone = PHONE,
): Promise<string> {
  await auth.changePhone(principal, { phone, currentPassword: PASSWORD })
  return (await sms.next('change_phone', phone)).code ?? ''
}

/** A memory store, and how to have something happen just before the next write to a user. */
export function interruptedStore() {
  let next: (() => Promise<unknown>) | null = null
  const store = intercept(memoryStore(), async (verb) => {
    if (verb !== 'users.update' || next === null) return
    const run = next
    next = null
    await run()
  })
  return {
    store,
    beforeNextWrite(run: () => Promise<unknown>) {
      next = run
    },
  }
}
