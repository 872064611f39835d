import { logIn, type Tokens } from './log-in.ts'
import { hasMessage, linkToken } from './reading.ts'
import type { Traveller } from './traveller.ts'

interface Move {
  readonly email: string
  readonly newEmail: string
  readonly currentPassword: string
}

/** Gives the account another address, which its owner proves by a link and the session together. */
export async function changeEmail(
  traveller: Traveller,
  { access: bearer }: Tokens,
  { email, newEmail, currentPassword }: Move,
): Promise<void> {
  const { visit } = traveller
  await visit({
    title: 'Ask for another e-mail address',
    request: 'POST /auth/email/change',
    body: { email: newEmail, currentPassword },
    bearer,
    expect: '202',
  })
  const outbox = await visit({
    title: 'Read the message to the new address',
    request: 'GET /outbox',
    expect: '200',
    until: (answer) => hasMessage(answer, 'change_email', newEmail),
  })
  const request = 'POST /auth/email/confirm'
  const body = { token: linkToken(outbox, 'change_email', newEmail) }
  await visit({
    title: 'Confirm it by the link, without a session: refused',
    request,
    body,
    expect: '401 unauthenticated',
  })
  await visit({ title: 'Confirm it as the owner', request, body, bearer, expect: '200' })
  await visit({
    title: 'The old address gets a link that undoes the change',
    request: 'GET /outbox',
    expect: '200',
    until: (answer) => hasMessage(answer, 'email_changed', email),
  })
  await logIn(traveller, newEmail, currentPassword, 'Log in with the new address')
}
