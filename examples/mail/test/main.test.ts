import { expect, it } from 'vitest'
import { startServer } from '../../../test/support/program.ts'
import { startMailServer } from './support/smtp.ts'

const CREDENTIALS = { email: 'ada@example.org', password: 'correct horse battery' }

it('takes an account through its life by mail, in a process of its own', {
  timeout: 30_000,
}, async () => {
  const mails = await startMailServer()
  const { client, stop } = await startServer(new URL('../src/main.ts', import.meta.url), {
    AUTH_SECRET: 'a-secret-for-tests-0123456789-abcdefghijk',
    ORIGIN: 'https://app.example.org',
    SMTP_URL: mails.url,
  })
  expect((await client.post('/auth/register', CREDENTIALS)).status).toBe(202)
  await expect.poll(() => mails.arrivals.length).toBe(1)
  const code = /code: (\d{6})/.exec(mails.arrivals[0]?.mail.text ?? '')?.[1]
  const proof = { identifier: CREDENTIALS.email, code }
  expect((await client.post('/auth/activate', proof)).status).toBe(200)
  expect(
    (await client.post('/auth/password/forgot', { identifier: CREDENTIALS.email })).status,
  ).toBe(202)
  // Told to stop, it sends what is under way.
  expect(await stop()).toMatchObject({ code: 0 })
  expect(mails.arrivals[1]?.mail.subject).toBe('Example: Choose a new password')
})
