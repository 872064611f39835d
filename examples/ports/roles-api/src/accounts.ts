import { type Auth, type AuthOptions, createAuth, escapeHtml, type Message } from '@latchkey/core'
import * as z from 'zod'

const names = z.strictObject({
  first_name: z.string().trim().max(100).default(''),
  last_name: z.string().trim().max(100).default(''),
})

/** What an account has besides its address. */
export type Names = z.infer<typeof names>

export type Accounts = Auth<Names>

/** Accounts that are open at once, and whose address may be proved later. */
export function createAccounts(options: Omit<AuthOptions<Names>, 'profile'>): Accounts {
  return createAuth({
    profile: names,
    roles: ['User', 'Staff', 'Admin'],
    activation: 'none',
    transport: 'header', // x-access-token and x-refresh-token
    accessToken: { lifetime: 30 * 60 },
    links: { changeEmail: '/api/v1/confirm?token={token}' },
    messages: { compose: { change_email: confirmation } },
    ...options,
  })
}

/** The ready words speak of a new address, and of a code that this API does not take. */
function confirmation({ link = '' }: Message) {
  const request = 'Please confirm that the account with this address is yours.'
  const rest = 'The link works for an hour. If you have no account here, ignore this message.'
  const html = `<p>${request}</p>\n<p><a href="${escapeHtml(link)}">Confirm</a></p>\n<p>${rest}</p>\n`
  return {
    subject: 'Confirm your e-mail address',
    text: `${request}\n\n${link}\n\n${rest}\n`,
    html,
  }
}
