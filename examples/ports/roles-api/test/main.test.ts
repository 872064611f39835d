import { describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../../test/servers/databases.ts'
import { startServer } from '../../../../test/support/program.ts'
import { startMailServer } from '../../../mail/test/support/smtp.ts'
import { basic, newDatabase, PASSWORD } from './support/api.ts'

const main = new URL('../src/main.ts', import.meta.url)

describe.skipIf(postgresUrl === undefined)('the program on PostgreSQL', () => {
  it('serves the API, with an administrator, and sends what is to be sent before it ends', async () => {
    const [database, inbox] = [await newDatabase(), await startMailServer()]
    const app = await startServer(main, {
      AUTH_SECRET: 'a-secret-for-tests-0123456789-abcdefghijk',
      ADMIN_EMAIL: 'ada@example.com',
      ADMIN_PASSWORD: PASSWORD,
      DATABASE_URL: database,
      SMTP_URL: inbox.url,
      ORIGIN: 'http://localhost:3000', // the port is another at each start
    })
    const headers = { authorization: basic('ada@example.com') }
    const { body } = await app.client.send('POST', '/api/v1/login', { headers })
    const listed = await app.client.get('/api/v1/users/', body.access_token)
    expect(listed.body.users).toMatchObject([{ email: 'ada@example.com', role: 'Admin' }])
    await app.client.post('/api/v1/users/me/verify_email', undefined, body.access_token)
    expect(await app.stop()).toMatchObject({ code: 0 })
    expect(inbox.arrivals.map(({ recipients }) => recipients)).toEqual([['ada@example.com']])
  })
})
