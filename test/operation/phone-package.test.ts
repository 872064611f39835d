import { expect, it } from 'vitest'
import { startProgram } from '../support/program.ts'

it('wants libphonenumber-js where accounts have phones, and nowhere else', async () => {
  const program = startProgram(new URL('./without-libphonenumber.ts', import.meta.url), {})
  const { code, output } = await program.ended
  expect(output).toContain('login: AuthError: invalid_credentials')
  expect(output).toMatch(/identifiers: createAuth: option "identifiers" has "phone".*npm install/)
  expect(code).toBe(0)
})
