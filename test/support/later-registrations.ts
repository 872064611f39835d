import { PASSWORD, type Setup, tokenIn } from './setup.ts'

/** Registers an address that is registered already, and resolves the message that went to it. */
export async function registerAgain(
  { auth, outbox }: Setup,
  email: string,
  password = PASSWORD,
  username?: string,
) {
  await auth.register({ email, password, ...(username !== undefined && { username }) })
  const message = await outbox.next('activate_again', email)
  return { ...message, token: tokenIn(message.link) }
}

/** The messages that this brings, in their order, once nothing is left to do. */
export async function messagesOf({ auth, outbox }: Setup, act: () => Promise<unknown>) {
  await auth.close()
  const before = outbox.messages.length
  await act()
  await auth.close()
  return outbox.messages.slice(before)
}
