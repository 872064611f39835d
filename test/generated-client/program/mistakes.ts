// @ts-nocheck The test generates the types, takes this line away and then has the program checked.
import createClient from 'openapi-fetch'
import type { paths } from './accounts.ts'

const client = createClient<paths>({ baseUrl: 'https://app.example/auth' })
const identifier = 'ada@example.com'
const password = 'correct horse battery'

/** What somebody may get wrong. Each line with a mistake says so. */
export async function mistakes(): Promise<void> {
  await client.POST('/login', { body: { identifier, password } })
  await client.POST('/login', { body: { identifer: identifier, password } }) // mistake
  await client.POST('/login', { body: { identifier, password: 1 } }) // mistake
  await client.POST('/login', { body: { identifier } }) // mistake
  await client.POST('/log-in', { body: { identifier, password } }) // mistake
  await client.GET('/login') // mistake
  await client.DELETE('/sessions/{id}') // mistake

  const { data, error } = await client.GET('/me')
  data?.email
  data?.mail // mistake
  data?.email.toUpperCase() // mistake
  error?.code === 'token_stale'
  error?.code === 'stale_token' // mistake
  error?.code === 'wrong_password' // mistake
}
