import { administrate } from './administrate.ts'
import { changeEmail } from './change-email.ts'
import { invite } from './invite.ts'
import { logIn, type Tokens, tokensOf } from './log-in.ts'
import { hasMessage, linkToken, list } from './reading.ts'
import type { Traveller } from './traveller.ts'

/** Whose life it is, whom the administrator invites, and the administrator. */
export interface Cast {
  readonly email: string
  /** The address later in that life. */
  readonly newEmail: string
  readonly guestEmail: string
  readonly adminPassword: string
}

const FIRST_PASSWORD = 'correct horse battery'
const SECOND_PASSWORD = 'staple of the second day'
const THIRD_PASSWORD = 'paper boats in the rain'

/** Takes an account through its whole life, and resolves how many answers that took. */
export async function travel(traveller: Traveller, cast: Cast): Promise<number> {
  await join(traveller, cast.email)
  const first = await logIn(traveller, cast.email, FIRST_PASSWORD)
  await useInvoices(traveller, first)
  const refreshed = await refresh(traveller, first)
  await endTheOtherDevice(traveller, cast.email, refreshed)
  const changed = await changePassword(traveller, refreshed)
  await logOut(traveller, changed)
  const last = await recover(traveller, cast.email)
  await changeEmail(traveller, last, { ...cast, currentPassword: THIRD_PASSWORD })
  const admin = await administrate(traveller, last, cast.adminPassword)
  await invite(traveller, admin, cast.guestEmail)
  return traveller.answers()
}

async function join({ visit }: Traveller, email: string): Promise<void> {
  await visit({
    title: 'Register',
    request: 'POST /auth/register',
    body: { email, password: FIRST_PASSWORD },
    expect: '202',
  })
  await visit({
    title: 'Log in before the account is active: refused',
    request: 'POST /auth/login',
    body: { identifier: email, password: FIRST_PASSWORD },
    expect: '403 account_not_activated',
  })
  const outbox = await visit({
    title: 'Read the message that would have been sent',
    request: 'GET /outbox',
    expect: '200',
    until: (body) => hasMessage(body, 'activate', email),
  })
  await visit({
    title: 'Activate by its link',
    request: 'POST /auth/activate',
    body: { token: linkToken(outbox, 'activate', email) },
    expect: '200',
  })
}

async function useInvoices({ visit }: Traveller, { access: bearer }: Tokens): Promise<void> {
  const request = 'POST /invoices'
  const body = { description: 'Two days of work', cents: 96_000, currency: 'EUR' }
  await visit({
    title: 'Write an invoice without a token: refused',
    request,
    body,
    expect: '401 unauthenticated',
  })
  await visit({ title: 'Write an invoice', request, body, bearer, expect: '201' })
  await visit({
    title: 'Write one that makes no sense, in another name: refused',
    request,
    body: { ...body, cents: -1, ownerId: 'somebody-else' },
    bearer,
    expect: '422 invalid_input',
  })
  await visit({ title: 'See the own invoices', request: 'GET /invoices', bearer, expect: '200' })
}

async function refresh({ visit, check }: Traveller, tokens: Tokens): Promise<Tokens> {
  const request = 'POST /auth/refresh'
  const body = { refreshToken: tokens.refresh }
  const next = tokensOf(await visit({ title: 'Refresh', request, body, expect: '200' }))
  const again = tokensOf(
    await visit({
      title: 'Refresh with the old token once more, as a second tab does',
      request,
      body,
      expect: '200',
    }),
  )
  check('The old refresh token has got the same successor', again.refresh === next.refresh)
  return next
}

async function endTheOtherDevice(
  traveller: Traveller,
  email: string,
  { access: bearer }: Tokens,
): Promise<void> {
  const { visit, check } = traveller
  const other = await logIn(traveller, email, FIRST_PASSWORD, 'Log in on a second device')
  const answer = await visit({
    title: 'See where the account is logged in',
    request: 'GET /auth/sessions',
    bearer,
    expect: '200',
  })
  check('There are two sessions', list(answer, 'sessions').length === 2)
  await visit({
    title: 'End the other session',
    request: 'DELETE /auth/sessions',
    bearer,
    expect: '204',
  })
  await visit({
    title: 'The second device is out',
    request: 'GET /invoices',
    bearer: other.access,
    expect: '401 invalid_token',
  })
}

async function changePassword({ visit }: Traveller, old: Tokens): Promise<Tokens> {
  const answer = await visit({
    title: 'Change the password',
    request: 'POST /auth/password/change',
    body: { currentPassword: FIRST_PASSWORD, newPassword: SECOND_PASSWORD },
    bearer: old.access,
    expect: '200',
  })
  await visit({
    title: 'The old access token is worth nothing any more',
    request: 'GET /invoices',
    bearer: old.access,
    expect: '401 invalid_token',
  })
  await visit({
    title: 'Nor is the old refresh token',
    request: 'POST /auth/refresh',
    body: { refreshToken: old.refresh },
    expect: '401 invalid_token',
  })
  return tokensOf(answer)
}

async function logOut({ visit }: Traveller, { access: bearer }: Tokens): Promise<void> {
  await visit({ title: 'Log out', request: 'POST /auth/logout', bearer, expect: '204' })
  await visit({
    title: 'The session is over, though the access token has minutes to live',
    request: 'GET /invoices',
    bearer,
    expect: '401 invalid_token',
  })
}

async function recover(traveller: Traveller, email: string): Promise<Tokens> {
  const { visit } = traveller
  await visit({
    title: 'Forget the password',
    request: 'POST /auth/password/forgot',
    body: { identifier: email },
    expect: '202',
  })
  const outbox = await visit({
    title: 'Read the message that would have been sent',
    request: 'GET /outbox',
    expect: '200',
    until: (body) => hasMessage(body, 'reset_password', email),
  })
  await visit({
    title: 'Choose a new password by its link',
    request: 'POST /auth/password/reset',
    body: { token: linkToken(outbox, 'reset_password', email), newPassword: THIRD_PASSWORD },
    expect: '204',
  })
  await visit({
    title: 'Log in with the old password: refused',
    request: 'POST /auth/login',
    body: { identifier: email, password: SECOND_PASSWORD },
    expect: '401 invalid_credentials',
  })
  return logIn(traveller, email, THIRD_PASSWORD, 'Log in with the new password')
}
