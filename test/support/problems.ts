import type { Auth, AuthErrorCode } from '@latchkey/core'
import { expect } from 'vitest'
import type { Answer } from './http-client.ts'

/** Says that the answer is a problem (RFC 9457) of that code, with everything that every answer carries. */
export function expectProblem(answer: Answer, status: number, code: AuthErrorCode): void {
  expect(answer.body?.code ?? answer.text).toBe(code)
  expect(answer.status).toBe(status)
  expectWellFormed(answer)
}

/** Says that an answer of ours has the headers of S104 and, if it refuses, the form of S102. */
export function expectWellFormed(answer: Answer): void {
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    vary: 'Origin, Cookie, Authorization',
  })
  if (answer.status < 400 || answer.text === '') return
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const { type, title, status, code, errors, ...rest } = answer.body
  expect(rest).toEqual({})
  expect({ type, status }).toEqual({ type: `urn:latchkey:problem:${code}`, status: answer.status })
  expect(title).toMatch(/^\S.*\S$/)
  for (const error of errors ?? []) {
    expect(error).toEqual({
      pointer: expect.stringMatching(/^(?:\/.*)?$/s),
      code: expect.stringMatching(/^[a-z_]+$/),
      detail: expect.any(String),
    })
  }
}

/** The pointers of the members that the answer complains of. */
export function pointersOf(answer: Answer): readonly string[] {
  const errors: readonly { readonly pointer: string }[] = answer.body?.errors ?? []
  return errors.map(({ pointer }) => pointer)
}

/** Resolves when all messages and events so far are out. */
export function settled(auth: Auth): Promise<void> {
  return auth.close()
}
