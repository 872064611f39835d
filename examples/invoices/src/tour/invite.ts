import { logIn, type Tokens } from './log-in.ts'
import { hasMessage, linkToken } from './reading.ts'
import type { Traveller } from './traveller.ts'

const PASSWORD = 'a bridge over the river'

/** Has the administrator invite somebody, who chooses a password and comes in. */
export async function invite(traveller: Traveller, admin: Tokens, email: string): Promise<void> {
  const { visit } = traveller
  await visit({
    title: 'Invite somebody',
    request: 'POST /auth/users',
    body: { email },
    bearer: admin.access,
    expect: '201',
  })
  const outbox = await visit({
    title: 'Read the invitation that would have been sent',
    request: 'GET /outbox',
    expect: '200',
    until: (answer) => hasMessage(answer, 'invitation', email),
  })
  await visit({
    title: 'Accept it by its link, with a password of the own choice',
    request: 'POST /auth/invitation/accept',
    body: { token: linkToken(outbox, 'invitation', email), password: PASSWORD },
    expect: '200',
  })
  await logIn(traveller, email, PASSWORD, 'Log in as whoever was invited')
}
