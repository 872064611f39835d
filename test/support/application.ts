import { onTestFinished } from 'vitest'
import { type HttpClient, httpClient } from './http-client.ts'
import { serve } from './running-host.ts'
import { PASSWORD, type Setup } from './setup.ts'

/** Serves an application that a test has put together, and is its client. Closed when the test ends. */
export async function clientOf(app: unknown): Promise<HttpClient> {
  const { url, close } = await serve(app)
  onTestFinished(close)
  return httpClient(url)
}

/** Another account, with these roles. Resolves its access token. */
export async function accessTokenWith(roles: string[], { auth }: Setup): Promise<string> {
  const email = 'grace@example.com'
  await auth.createUser({ email, password: PASSWORD, roles })
  return (await auth.login({ identifier: email, password: PASSWORD })).accessToken
}
