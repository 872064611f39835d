import { type Setup, tokenIn } from './setup.ts'

export const EVE = 'eve@example.com'

/** Invites somebody, and resolves who that is, with the token of the message. */
export async function invite(setup: Setup, input: object = { email: EVE }) {
  const invited = await setup.auth.inviteUser('system', input)
  return { invited, token: await tokenFor(setup, invited.email ?? '') }
}

/** The token of the next invitation to an address. */
export async function tokenFor({ outbox }: Setup, email: string): Promise<string> {
  return tokenIn((await outbox.next('invitation', email)).link)
}
