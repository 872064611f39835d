import { text } from './reading.ts'
import type { Answer, Traveller } from './traveller.ts'

/** What a login brings. */
export interface Tokens {
  readonly access: string
  readonly refresh: string
}

/** Logs in, and resolves the tokens. */
export async function logIn(
  { visit }: Traveller,
  identifier: string,
  password: string,
  title = 'Log in',
): Promise<Tokens> {
  const answer = await visit({
    title,
    request: 'POST /auth/login',
    body: { identifier, password },
    expect: '200',
  })
  return tokensOf(answer)
}

/** The tokens of an answer that brings some. */
export function tokensOf(answer: Answer): Tokens {
  return { access: text(answer, 'accessToken'), refresh: text(answer, 'refreshToken') }
}
