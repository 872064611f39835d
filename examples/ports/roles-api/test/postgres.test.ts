import { describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../../test/servers/databases.ts'
import {
  ADA,
  BEN,
  logIn,
  mailedToken,
  newAccount,
  newAdministrator,
  newDatabase,
  PASSWORD,
  serveApi,
} from './support/api.ts'

describe.skipIf(postgresUrl === undefined)('the API on PostgreSQL', () => {
  it('serves an account from the sign-up to its end', async () => {
    const api = await serveApi(await newDatabase())
    const { access_token } = await newAccount(api)
    await api.client.json('PUT', '/users/me', { first_name: 'Zoë' }, access_token)
    await api.client.post('/users/me/verify_email', undefined, access_token)
    await api.client.post('/confirm', { token: await mailedToken(api) })
    const { body } = await api.client.post('/users/me', undefined, access_token)
    expect(body).toMatchObject({ first_name: 'Zoë', email_verified: true, role: 'User' })

    const administrator = await newAdministrator(api)
    const path = `/users/${body.public_id}`
    const asAdministrator = administrator.access_token
    const promoted = await api.client.json('PUT', `${path}?role=Staff`, '', asAdministrator)
    expect(promoted.body).toEqual({ ...body, role: 'Staff' })
    expect((await api.client.get('/users/', asAdministrator)).body.users).toHaveLength(2)
    expect((await api.client.delete(path, asAdministrator)).status).toBe(204)
    expect(await logIn(api)).toMatchObject({ status: 401 })
  })

  it('makes one account of three requests at once', async () => {
    const api = await serveApi(await newDatabase())
    const requests = [ADA, ADA, ADA, BEN].map((email) =>
      api.client.post('/users/', { email, password: PASSWORD }),
    )
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([201, 201, 201, 201])
    const { access_token } = await newAdministrator(api)
    expect((await api.client.get('/users/', access_token)).body.users).toHaveLength(3)
  })

  it('keeps what PostgreSQL can keep, and refuses the rest', async () => {
    const api = await serveApi(await newDatabase())
    const { access_token } = await newAccount(api)
    for (const [first_name, status] of [
      ['\0', 422],
      ['\ud800', 422],
      ['Ω'.repeat(100), 200],
    ]) {
      const answer = await api.client.json('PUT', '/users/me', { first_name }, access_token)
      expect(answer.status).toBe(status)
    }
    expect(api.errors).toEqual([])
  })
})
