import { describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../../test/servers/databases.ts'
import { ADA, newPage, openPage, PASSWORD, serveApi, signedInPage } from './support/api.ts'
import { newPostgres } from './support/original.ts'

describe.skipIf(postgresUrl === undefined)('the API on PostgreSQL', () => {
  it('goes with an account from its sign-up to its end', async () => {
    const api = await serveApi({ url: await newPostgres() })
    const page = await newPage(api)
    for (let minutes = 0; minutes < 40; minutes += 4) {
      api.clock.advance(4 * 60)
      expect((await page.get('/dashboard')).body).toEqual({ Username: 'Ada', Email: ADA })
    }
    api.clock.advance(10 * 60)
    expect((await page.get('/dashboard')).status).toBe(401)

    const next = await signedInPage(api)
    await next.post('/logout')
    expect((await next.get('/dashboard')).status).toBe(401)
    const last = await signedInPage(api)
    const { body } = await last.post('/delete', { email: ADA })
    expect(body).toEqual({ msg: 'delete successful!' })
    expect((await openPage(api).post('/signin', { Email: ADA, Password: PASSWORD })).status).toBe(
      401,
    )
  })

  it('creates one user when one address signs up many times at once', async () => {
    const api = await serveApi({ url: await newPostgres(), activation: 'none' })
    const body = { Username: 'Ada', Email: ADA, Password: PASSWORD }
    const requests = [1, 2, 3, 4, 5, 6].map(() => openPage(api).post('/signup', body))
    const texts = (await Promise.all(requests)).map(({ text }) => text)
    expect(new Set(texts)).toEqual(new Set(['{"msg":"user created!"}']))
    expect((await api.auth.listUsers('system')).users).toHaveLength(1)
    await signedInPage(api)
  })
})
